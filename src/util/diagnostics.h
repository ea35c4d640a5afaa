/* What a program says on standard error, and the exit codes that all programs share.
 *
 * A message is one line, `program: what: why`, written with one write(2) so that the stages of a pipe do not
 * mix theirs. Bytes that could act on a terminal (controls, broken UTF-8) are shown as \xHH: messages quote
 * functions and servers, which are not trusted. */
#ifndef UTIL_DIAGNOSTICS_H
#define UTIL_DIAGNOSTICS_H

enum exit_status {
    STATUS_DONE = 0,         /* did what was asked */
    STATUS_FAILED = 1,       /* the run failed, and everything was put back */
    STATUS_USAGE = 2,        /* bad usage or bad input; nothing was touched */
    STATUS_NOT_RESTORED = 3, /* something could not be put back; the message says what */
    STATUS_GATE = 4          /* a gate that was asked for failed */
};

/* The name that begins every message. `name` must outlive the program's messages: a string literal. */
void diagnostics_program(const char *name);

/* "program: " + the formatted message + newline, on standard error. The format has no newline and no full
 * stop. */
void report_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with "warning: " in front of the message: something was passed over or assumed, and the work goes
 * on. */
void report_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same without being a fault: what the user should know about how the program works. */
void report_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
