#include "util/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { LONGEST_ANSWER = 1024 };

static bool show(int terminal, const char *text) {
    size_t length = strlen(text);
    return write(terminal, text, length) == (ssize_t)length;
}

static void read_line(int terminal, struct text *answer) {
    char byte;
    ssize_t got;
    while (answer->length < LONGEST_ANSWER) {
        got = read(terminal, &byte, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || byte == '\n')
            return;
        text_append_byte(answer, byte);
    }
}

bool terminal_ask(const char *prompt, struct text *answer) {
    int terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct termios usual, silent;
    if (terminal < 0)
        return false;
    bool quiet = tcgetattr(terminal, &usual) == 0;
    if (quiet) {
        silent = usual;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        quiet = tcsetattr(terminal, TCSAFLUSH, &silent) == 0;
    }
    text_clear(answer);
    if (show(terminal, prompt))
        read_line(terminal, answer);
    if (quiet) {
        tcsetattr(terminal, TCSAFLUSH, &usual);
        show(terminal, "\n");
    }
    close(terminal);
    return answer->length > 0;
}
