#include "console/console.h"

#include "util/diagnostics.h"
#include "util/files.h"
#include "util/shellwords.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_there(const char *program) {
    const char *path = getenv("PATH");
    struct text file = TEXT_INIT;
    bool there = strchr(program, '/') && access(program, X_OK) == 0;
    while (path && *path && !there) {
        size_t length = strcspn(path, ":");
        text_clear(&file);
        text_append_format(&file, "%.*s/%s", (int)length, path, program);
        there = access(file.bytes, X_OK) == 0;
        path += length + (path[length] == ':');
    }
    text_release(&file);
    return there;
}

/* Writes a page that only this user can read, and that redirects to the console. */
static bool write_page(struct console *console) {
    struct text page = TEXT_INIT;
    text_append_format(&console->opened, "%s/../console-%ld.html", console->runs.path.bytes, (long)getpid());
    text_append_string(&page, "<!doctype html>\n<meta charset=\"utf-8\">\n<title>power-tune</title>\n"
                              "<meta http-equiv=\"refresh\" content=\"0;url=");
    console_address(console, &page);
    text_append_string(&page, "\">\n");
    bool written = file_write_durably(console->opened.bytes, page.bytes, page.length);
    text_release(&page);
    return written;
}

void console_show(struct console *console) {
    const char *const browsers[] = {getenv("BROWSER"), "xdg-open", "sensible-browser", "open"};
    const char *browser = NULL;
    for (size_t i = 0; !browser && i < sizeof browsers / sizeof *browsers; i++)
        if (browsers[i] && is_there(browsers[i]))
            browser = browsers[i];
    if (!browser) {
        report_warning("--open: no browser found (xdg-open); open the address above yourself");
        return;
    }
    struct words words = {NULL, 0};
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool shown = nowhere >= 0 && write_page(console);
    words_add(&words, browser);
    words_add(&words, text_string(&console->opened));
    if (!shown || !command_detach(&console->commands, &words, (struct span){"", 0}, nowhere))
        report_warning("--open: cannot open a browser: %s", strerror(errno));
    if (nowhere >= 0)
        close(nowhere);
    words_release(&words);
}
