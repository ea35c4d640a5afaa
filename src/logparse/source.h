/* The input of a log reader as UTF-8 text: a file as it is, the contents of a gzip or zstd file, or UTF-16
 * text with a byte order mark. The first bytes of the input decide. Concatenated compressed files are read as
 * one. */
#ifndef LOGPARSE_SOURCE_H
#define LOGPARSE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct log_source {
    int fd;
    const char *name;              /* for messages */
    bool regular;                  /* a file without packing, which can be read again */
    bool failed;                   /* a read failed or compressed data are corrupt; the error was reported */
    struct log_inflater *inflater; /* owned; NULL: the bytes are used as they are */
    bool known;                    /* the first bytes were examined */
};

/* Prepares to read `fd`, which the caller closes. `name` must outlive the source. */
void log_source_open(struct log_source *source, int fd, const char *name);

/* Releases the decompressor. Does not close `fd`. */
void log_source_close(struct log_source *source);

/* Reads up to `room` bytes (`room` is at least 16) and returns their number: 0 at the end or after a failure.
 * Does not wait for more than the first byte. */
size_t log_source_read(struct log_source *source, char *bytes, size_t room);

/* For callers that read the file of a regular source themselves: reports that a read failed with the errno
 * `error`. */
void log_source_fail(struct log_source *source, int error);

/* Sets the position at which log_source_read continues. */
void log_source_seek(struct log_source *source, size_t offset);

/* True when a read would wait for input for more than this time: output should be flushed first. */
bool log_source_waits(const struct log_source *source, int milliseconds);

/* The number of newlines before position `offset` of a regular source. */
unsigned long log_source_lines(const struct log_source *source, size_t offset);

#endif
