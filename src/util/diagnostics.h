/* Messages on standard error, and the exit codes that all programs share.
 *
 * A message is one line, `program: what: why`, written with one write(2), so that messages from the stages of
 * a pipe do not mix. Bytes that could act on a terminal (control characters, invalid UTF-8) are printed as
 * \xHH, because messages quote functions and servers, which are not trusted. A message longer than 4095 bytes
 * is cut and ends in "...". */
#ifndef UTIL_DIAGNOSTICS_H
#define UTIL_DIAGNOSTICS_H

enum exit_status {
    STATUS_DONE = 0,         /* success */
    STATUS_FAILED = 1,       /* the run failed; everything was restored */
    STATUS_USAGE = 2,        /* bad usage or bad input; nothing was changed */
    STATUS_NOT_RESTORED = 3, /* something was not restored; the message names it */
    STATUS_GATE = 4          /* a gate failed */
};

/* Sets the name that begins every message. `name` must stay valid until the program ends: a string
 * literal. */
void diagnostics_program(const char *name);

/* Prints "program: ", the formatted message and a newline on standard error. The format has neither a newline
 * nor a full stop. */
void report_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Like report_error, with "warning: " before the message: something was ignored or assumed, and the program
 * continues. */
void report_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Like report_error, for information that is not about an error. */
void report_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
