/* util/diagnostics: messages on standard error. And util/text: text made safe for a terminal. */
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

static void check_safe(const char *bytes, size_t length, const char *wanted) {
    struct text text = TEXT_INIT;
    text_append_safe(&text, bytes, length);
    CHECK_TEXT(text_string(&text), wanted);
    text_release(&text);
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
    TEST("safe text is not changed") {
        check_safe("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80", 20,
                   "plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80");
    }
    TEST("control characters, DEL, NUL and invalid UTF-8 are shown as bytes") {
        check_safe("\t\r\n\033\x7f", 5, "\\x09\\x0d\\x0a\\x1b\\x7f");
        check_safe("a\0b", 3, "a\\x00b");
        check_safe("\xc2\x9b", 2, "\\xc2\\x9b");
        check_safe("\xff\xc3", 2, "\\xff\\xc3");
        check_safe("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");
    }
    TEST("characters that change the direction of text are shown as bytes") {
        check_safe("\xe2\x80\xae"
                   "x",
                   4, "\\xe2\\x80\\xaex");
        check_safe("\xe2\x81\xa6", 3, "\\xe2\\x81\\xa6");
    }
    return unit_end();
}
