/* Lines from a file descriptor, and lines to one. What the records travel through.
 *
 * Reading: a line ends with \n, which is not part of it; the last line may lack it. A line longer than
 * MAX_LINE bytes ends the input as a failed read does, so that memory is bounded whatever comes. Writing:
 * lines are collected and written when there are many or when output_flush is called, which a filter does
 * before it waits for more input, so that a pipeline shows life without a system call for each record. */
#ifndef UTIL_LINES_H
#define UTIL_LINES_H

#include "util/span.h"
#include "util/text.h"

/* ---- reading ---- */

/* The longest line that any program takes. The longest record is a plan with all payloads of an input:
 * pt-init reads at most 64 MiB and a payload of 6 MiB, and no byte of them takes more than two in the plan.
 */
enum { MAX_LINE = 160 * 1024 * 1024 };

struct line_reader {
    int fd;
    const char *name;   /* for messages: a path, or "standard input" */
    unsigned long line; /* the number of the line that was returned last, from 1 */
    bool at_end;        /* read(2) has said that nothing more comes */
    bool unterminated;  /* the line that was returned last had no \n */
    int error; /* errno of a failed read, EMSGSIZE for a line that is too long, or 0; it also ends the input
                */
    char *buffer; /* owned */
    size_t start, end, searched, capacity;
};

/* Reads from `fd`, which stays the caller's to close; `name` must outlive the reader. */
void line_reader_open(struct line_reader *reader, int fd, const char *name);

/* The next line, waiting for it; false at the end of the input or after a failed read (`error` tells which).
 * The span is valid until the next call. */
bool line_reader_next(struct line_reader *reader, struct span *line);

/* The next line if it is there whole already; false when more must be read first, or at the end. Does not
 * wait. */
bool line_reader_buffered(struct line_reader *reader, struct span *line);

/* For who reads lines of a known form faster: the bytes that are there and were not taken, and taking the
 * first `length` of them, which are one line with its newline. */
struct span line_reader_rest(const struct line_reader *reader);
void line_reader_take(struct line_reader *reader, size_t length);

/* One read(2); false at the end of the input or after a failure. On a descriptor that does not block and has
 * nothing it returns true with nothing new. */
bool line_reader_fill(struct line_reader *reader);

/* True when a complete line, or the rest of an ended input, can be taken without waiting. */
bool line_reader_ready(const struct line_reader *reader);

/* Reports `error`, which must be there, with the name of the input. */
void line_reader_report(const struct line_reader *reader);

/* What is wrong with a line longer than MAX_LINE, for messages. */
extern const char line_too_long[];

void line_reader_close(struct line_reader *reader);

/* ---- writing ---- */

struct output {
    int fd;
    int error; /* errno of the first write that failed, or 0; nothing is written after it */
    struct text pending;
};

void output_open(struct output *output, int fd);

/* Adds `length` bytes and a newline. */
void output_line(struct output *output, const char *bytes, size_t length);

/* Writes what is pending and, behind it, `length` bytes of whole lines, of which no copy is made. */
void output_lines(struct output *output, const char *bytes, size_t length);

/* Writes what is pending; false when a write has failed, now or before. */
bool output_flush(struct output *output);

/* Ends a program's standard output: flushes, closes the descriptor and returns the status the program should
 * exit with. A full disk or a failed close is reported and makes STATUS_FAILED of a lower status. When the
 * reader has gone away the program ends quietly by SIGPIPE, as it would have ended in most shells already. */
int output_finish(struct output *output, int status);

/* Makes the pipe `fd` hold 256 KiB, so that its two ends do not wait for each other at every block; nothing
 * when it is no pipe or the system does not allow it. */
void pipe_enlarge(int fd);

#endif
