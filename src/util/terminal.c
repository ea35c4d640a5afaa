#include "util/terminal.h"

#include "util/options.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { MAX_RESPONSE = 1024 };

bool terminal_is_utf8(void) {
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
    }
    return false;
}

size_t terminal_columns(int fd) {
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    long long width;
    if (columns && parse_whole_number(columns, 20, 1000, &width))
        return (size_t)width;
    return ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool terminal_has_colour(int fd) {
    const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
    return isatty(fd) && !(term && strcmp(term, "dumb") == 0) && !(no_colour && *no_colour);
}

static bool show(int terminal, const char *text) {
    size_t length = strlen(text);
    return write(terminal, text, length) == (ssize_t)length;
}

static void read_line(int terminal, struct text *response) {
    char byte;
    ssize_t got;
    while (response->length < MAX_RESPONSE) {
        got = read(terminal, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || byte == '\n')
            return;
        text_append_byte(response, byte);
    }
}

bool terminal_ask(const char *prompt, struct text *response) {
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios saved, silent;
    if (terminal < 0)
        return false;
    bool quiet = tcgetattr(terminal, &saved) == 0;
    if (quiet) {
        silent = saved;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        quiet = tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    text_clear(response);
    if (show(terminal, prompt))
        read_line(terminal, response);
    if (quiet) {
        tcsetattr(terminal, TCSAFLUSH, &saved);
        show(terminal, "\n");
    }
    close(terminal);
    return response->length > 0;
}
