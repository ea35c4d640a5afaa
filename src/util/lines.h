/* Lines from a file descriptor, and lines to one. All records travel through these.
 *
 * Reading: a line ends with \n, which is not part of it; the last line may lack it. A line longer than
 * MAX_LINE bytes ends the input like a failed read, so that memory is bounded.
 *
 * Writing: lines are buffered, and written when the buffer is full or output_flush is called. A filter calls
 * it before it waits for more input, so that results appear at once without a system call per record. */
#ifndef UTIL_LINES_H
#define UTIL_LINES_H

#include "util/span.h"
#include "util/text.h"

/* ---- reading ---- */

/* The longest line that any program accepts. The longest record is a plan with all payloads of an input:
 * pt-init reads at most 64 MiB and a payload of 6 MiB, and none of their bytes becomes more than two bytes in
 * the plan. */
enum { MAX_LINE = 160 * 1024 * 1024 };

struct line_reader {
    int fd;
    const char *name;   /* for messages: a path, or "standard input" */
    unsigned long line; /* number of the last line that was returned, from 1 */
    bool at_end;        /* read(2) has reported the end of the input, or failed */
    bool unterminated;  /* the last line that was returned had no \n */
    int error; /* errno of a failed read, EMSGSIZE after a line that is too long, or 0; an error also ends the
                  input */
    char *buffer; /* owned */
    size_t start, end, searched, capacity;
};

/* Starts reading from `fd`, which the caller closes. `name` must outlive the reader. */
void line_reader_open(struct line_reader *reader, int fd, const char *name);

/* Reads the next line, and waits for it. False at the end of the input or after a failed read (see `error`).
 * The span is valid until the next call. */
bool line_reader_next(struct line_reader *reader, struct span *line);

/* Like line_reader_next, without waiting: false when no complete line is buffered, or at the end. */
bool line_reader_buffered(struct line_reader *reader, struct span *line);

/* For fast paths: line_reader_rest returns the buffered bytes that were not yet taken; line_reader_take takes
 * the first `length` of them, which must be exactly one line with its newline. */
struct span line_reader_rest(const struct line_reader *reader);
void line_reader_take(struct line_reader *reader, size_t length);

/* Calls read(2) once. False at the end of the input or after a failure. On a non-blocking descriptor without
 * data it returns true and adds nothing. */
bool line_reader_fill(struct line_reader *reader);

/* True when a line can be taken without waiting: a complete one, or the unterminated last one. */
bool line_reader_ready(const struct line_reader *reader);

/* Reports `error`, which must not be 0, with the name of the input. */
void line_reader_report(const struct line_reader *reader);

/* Describes a line longer than MAX_LINE, for messages. */
extern const char line_too_long[];

void line_reader_close(struct line_reader *reader);

/* ---- writing ---- */

struct output {
    int fd;
    int record;              /* also gets every line, or -1 */
    const char *record_path; /* for messages; borrowed */
    int error; /* errno of the first write that failed, or 0; after an error nothing more is written */
    bool record_failed; /* the write that failed was one to the record */
    struct text pending;
};

void output_open(struct output *output, int fd);

/* Also writes every line to the file `path` (the option --record; NULL: none), which is created, or emptied.
 * The file gets the lines first: what a reader of `fd` acts on is always in the file. `path` must outlive the
 * output. A file that cannot be opened is reported, and the program exits with STATUS_FAILED. */
void output_record(struct output *output, const char *path);

/* Adds `length` bytes and a newline to the buffer. */
void output_line(struct output *output, const char *bytes, size_t length);

/* Writes the buffered lines, then `length` bytes of whole lines, without copying them. */
void output_lines(struct output *output, const char *bytes, size_t length);

/* Writes the buffered lines; false when this or an earlier write has failed. */
bool output_flush(struct output *output);

/* Closes a program's standard output and its copy: flushes, closes and returns the exit status of the
 * program. A full disk or a failed close is reported, and raises a status below STATUS_FAILED to
 * STATUS_FAILED. When the reader of a pipe has gone, the program ends silently by SIGPIPE, the default for
 * programs in a shell's pipeline. */
int output_finish(struct output *output, int status);

/* Enlarges the pipe `fd` to 256 KiB, so that its two ends wait for each other less often. Does nothing when
 * `fd` is not a pipe or the system does not allow it. */
void pipe_enlarge(int fd);

#endif
