/* The bytes of a stored log: a file as it is, or what a gzip or zstd file holds, or UTF-8 for UTF-16 with a
 * byte order mark, told apart by their first bytes. Several compressed files one after the other are read as
 * one. */
#ifndef LOGPARSE_SOURCE_H
#define LOGPARSE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

struct log_source {
    int fd;
    const char *name;              /* for messages */
    bool regular;                  /* a plain file that can be read again from its start */
    bool failed;                   /* a read failed, or compressed data were broken: reported */
    struct log_inflater *inflater; /* owned; NULL: the bytes are as they are */
    bool known;                    /* the first bytes were looked at */
};

/* Reads from `fd`, which stays the caller's. */
void log_source_open(struct log_source *source, int fd, const char *name);
void log_source_close(struct log_source *source);

/* Reads up to `room` bytes (at least 16), 0 at the end or after a failure. Waits for the first byte only. */
size_t log_source_read(struct log_source *source, char *bytes, size_t room);

/* For who reads a regular source himself: a read failed; and where log_source_read is to go on. */
void log_source_fail(struct log_source *source, int error);
void log_source_seek(struct log_source *source, size_t offset);

/* True when reading may have to wait: what was made until now should be shown first. */
bool log_source_waits(const struct log_source *source);

/* The number of newlines before byte `offset` of a regular source. */
unsigned long log_source_lines(const struct log_source *source, size_t offset);

#endif
