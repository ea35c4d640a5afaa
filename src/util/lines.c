#include "util/lines.h"

#include "util/diagnostics.h"
#include "util/memory.h"

#include <fcntl.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { READ_SIZE = 64 * 1024, WRITE_SIZE = 64 * 1024 };

void line_reader_open(struct line_reader *reader, int fd, const char *name) {
    *reader = (struct line_reader){.fd = fd, .name = name};
}

const char line_too_long[] = "the line is longer than 160 MiB";

/* The end of the next line, or NULL. Searches only new bytes, so that a long line is searched once. */
static const char *find_newline(const struct line_reader *reader) {
    if (reader->searched == reader->end)
        return NULL;
    return memchr(reader->buffer + reader->searched, '\n', reader->end - reader->searched);
}

static bool refuse_line(struct line_reader *reader) {
    reader->start = reader->searched = reader->end;
    reader->at_end = true;
    reader->error = EMSGSIZE;
    return false;
}

bool line_reader_fill(struct line_reader *reader) {
    if (reader->at_end)
        return false;
    if (reader->end - reader->start > MAX_LINE && !find_newline(reader))
        return refuse_line(reader);
    if (reader->start) {
        memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->searched -= reader->start;
        reader->start = 0;
    }
    reader->buffer = memory_reserve(reader->buffer, &reader->capacity, reader->end + READ_SIZE, 1);
    ssize_t got;
    do
        got = read(reader->fd, reader->buffer + reader->end, reader->capacity - reader->end);
    while (got < 0 && errno == EINTR);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return true;
    if (got <= 0) {
        reader->at_end = true;
        reader->error = got < 0 ? errno : 0;
        return false;
    }
    reader->end += (size_t)got;
    return true;
}

bool line_reader_ready(const struct line_reader *reader) {
    return find_newline(reader) || (reader->at_end && !reader->error && reader->start < reader->end);
}

bool line_reader_buffered(struct line_reader *reader, struct span *line) {
    const char *newline = find_newline(reader);
    if (!newline && !line_reader_ready(reader)) {
        reader->searched = reader->end;
        return false;
    }
    const char *end = newline ? newline : reader->buffer + reader->end;
    const char *start = reader->buffer + reader->start;
    if (end - start > MAX_LINE)
        return refuse_line(reader);
    *line = (struct span){start, (size_t)(end - start)};
    reader->start = reader->searched = (size_t)(end - reader->buffer) + (newline ? 1 : 0);
    reader->unterminated = !newline;
    reader->line++;
    return true;
}

struct span line_reader_rest(const struct line_reader *reader) {
    const char *start = reader->buffer ? reader->buffer + reader->start : NULL;
    return (struct span){start, reader->end - reader->start};
}

void line_reader_take(struct line_reader *reader, size_t length) {
    reader->start += length;
    reader->searched = reader->start;
    reader->unterminated = false;
    reader->line++;
}

bool line_reader_next(struct line_reader *reader, struct span *line) {
    while (!line_reader_buffered(reader, line))
        if (!line_reader_fill(reader) && !line_reader_ready(reader))
            return false;
    return true;
}

void line_reader_report(const struct line_reader *reader) {
    if (reader->error == EMSGSIZE)
        report_error("%s:%lu: %s", reader->name, reader->line + 1, line_too_long);
    else
        report_error("cannot read '%s': %s", reader->name, strerror(reader->error));
}

void line_reader_close(struct line_reader *reader) {
    free(reader->buffer);
    *reader = (struct line_reader){.fd = -1};
}

void output_open(struct output *output, int fd) {
    *output = (struct output){.fd = fd, .record = -1, .pending = TEXT_INIT};
}

static void report_unwritten(const char *path, int error) {
    report_error("cannot write '%s': %s", path, strerror(error));
}

void output_record(struct output *output, const char *path) {
    if (!path)
        return;
    output->record_path = path;
    output->record = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (output->record < 0) {
        report_unwritten(path, errno);
        exit(STATUS_FAILED);
    }
}

/* Writes all bytes of both parts. Returns 0 or errno. */
static int write_parts(int fd, struct span first, struct span second) {
    struct iovec parts[2] = {{(char *)first.start, first.length}, {(char *)second.start, second.length}};
    while (parts[0].iov_len || parts[1].iov_len) {
        ssize_t written = writev(fd, parts, 2);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        for (int i = 0; i < 2; i++) {
            size_t part = (size_t)written < parts[i].iov_len ? (size_t)written : parts[i].iov_len;
            if (!part) /* iov_base may be NULL */
                continue;
            parts[i].iov_base = (char *)parts[i].iov_base + part;
            parts[i].iov_len -= part;
            written -= (ssize_t)part;
        }
    }
    return 0;
}

void output_lines(struct output *output, const char *bytes, size_t length) {
    struct span pending = {output->pending.bytes, output->pending.length}, rest = {bytes, length};
    if (!output->error && output->record >= 0) {
        output->error = write_parts(output->record, pending, rest);
        output->record_failed = output->error != 0;
    }
    if (!output->error)
        output->error = write_parts(output->fd, pending, rest);
    text_clear(&output->pending);
}

bool output_flush(struct output *output) {
    output_lines(output, NULL, 0);
    return !output->error;
}

void output_line(struct output *output, const char *bytes, size_t length) {
    text_append(&output->pending, bytes, length);
    text_append_byte(&output->pending, '\n');
    if (output->pending.length >= WRITE_SIZE)
        output_flush(output);
}

static void end_by_sigpipe(void) {
    sigset_t set;
    signal(SIGPIPE, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(SIGPIPE);
}

int output_finish(struct output *output, int status) {
    output_flush(output);
    if (output->record >= 0 && close(output->record) < 0 && !output->error) {
        output->error = errno;
        output->record_failed = true;
    }
    if (!output->error && close(output->fd) < 0)
        output->error = errno;
    text_release(&output->pending);
    if (!output->error)
        return status;
    if (output->error == EPIPE)
        end_by_sigpipe();
    if (output->record_failed)
        report_unwritten(output->record_path, output->error);
    else
        report_error("cannot write standard output: %s", strerror(output->error));
    return status > STATUS_FAILED ? status : STATUS_FAILED;
}

/* ---- pipes ---- */

enum { PIPE_SIZE = 256 * 1024 };

void pipe_enlarge(int fd) {
    int saved_errno = errno;
    int size = fcntl(fd, F_GETPIPE_SZ);
    if (size > 0 && size < PIPE_SIZE)
        (void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
    errno = saved_errno;
}
