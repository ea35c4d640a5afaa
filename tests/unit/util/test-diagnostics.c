/* util/diagnostics: messages on standard error. */
#include "unit/unit.h"
#include "util/diagnostics.h"
#include "util/text.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* redirect sends standard error to a new file; restore ends that and appends the file's content to `text`. */
static int redirect(char *path) {
    int saved = dup(STDERR_FILENO), file = mkstemp(path);
    if (saved < 0 || file < 0 || dup2(file, STDERR_FILENO) < 0)
        exit(99);
    close(file);
    return saved;
}

static void restore(int saved, const char *path, struct text *text) {
    char buffer[8192];
    lseek(STDERR_FILENO, 0, SEEK_SET);
    ssize_t got = read(STDERR_FILENO, buffer, sizeof buffer);
    if (dup2(saved, STDERR_FILENO) < 0)
        exit(99);
    close(saved);
    unlink(path);
    text_append(text, buffer, got > 0 ? (size_t)got : 0);
}

int main(void) {
    diagnostics_program("pt-test");
    TEST("an error is one line that begins with the program's name, and errno is kept") {
        char path[] = "/tmp/test-diagnostics.XXXXXX";
        struct text text = TEXT_INIT;
        int saved = redirect(path);
        errno = EBADF;
        report_error("cannot read '%s': %s", "input.json", "No such file");
        CHECK(errno == EBADF);
        report_warning("%d lines passed over", 3);
        restore(saved, path, &text);
        CHECK_TEXT(text_string(&text), "pt-test: cannot read 'input.json': No such file\n"
                                       "pt-test: warning: 3 lines passed over\n");
        text_release(&text);
    }
    TEST("a message with control characters stays one line") {
        char path[] = "/tmp/test-diagnostics.XXXXXX";
        struct text text = TEXT_INIT;
        int saved = redirect(path);
        report_error("function says: %s", "a\nb\033[2Jc");
        restore(saved, path, &text);
        CHECK_TEXT(text_string(&text), "pt-test: function says: a\\x0ab\\x1b[2Jc\n");
        text_release(&text);
    }
    TEST("a very long message is cut and ends in three dots") {
        char path[] = "/tmp/test-diagnostics.XXXXXX";
        struct text text = TEXT_INIT;
        char *message = calloc(1, 6001);
        if (message)
            memset(message, 'm', 6000);
        int saved = redirect(path);
        report_error("%s", message ? message : "");
        restore(saved, path, &text);
        CHECK(text.length == strlen("pt-test: ") + 4095 + strlen("...\n"));
        CHECK(text.length > 4 && strcmp(text.bytes + text.length - 4, "...\n") == 0);
        free(message);
        text_release(&text);
    }
    return unit_end();
}
