#include "logparse/source.h"

#include "logparse/scan.h"
#include "logparse/utf16.h"
#include "util/diagnostics.h"
#include "util/memory.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { INPUT_SIZE = 128 * 1024, MAGIC_SIZE = 4 };

enum packing { PACKED_NOT, PACKED_GZIP, PACKED_ZSTD, PACKED_UTF16 };

struct log_inflater {
    enum packing packing;
    z_stream gzip;
    ZSTD_DStream *zstd;
    char input[INPUT_SIZE];
    size_t start, end;
    bool inside; /* inside a compressed file, before its end */
    bool big;    /* UTF-16 is big-endian */
};

void log_source_open(struct log_source *source, int fd, const char *name) {
    struct stat status;
    *source = (struct log_source){.fd = fd, .name = name};
    source->regular = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && lseek(fd, 0, SEEK_CUR) == 0;
}

void log_source_close(struct log_source *source) {
    if (source->inflater && source->inflater->packing == PACKED_ZSTD)
        ZSTD_freeDStream(source->inflater->zstd);
    else if (source->inflater && source->inflater->packing == PACKED_GZIP)
        inflateEnd(&source->inflater->gzip);
    free(source->inflater);
    *source = (struct log_source){.fd = -1};
}

static size_t read_some(struct log_source *source, char *bytes, size_t room) {
    ssize_t got;
    do
        got = read(source->fd, bytes, room);
    while (got < 0 && errno == EINTR);
    if (got >= 0)
        return (size_t)got;
    report_error("cannot read '%s': %s", source->name, strerror(errno));
    source->failed = true;
    return 0;
}

void log_source_fail(struct log_source *source, int error) {
    report_error("cannot read '%s': %s", source->name, strerror(error));
    source->failed = true;
}

void log_source_seek(struct log_source *source, size_t offset) {
    if (lseek(source->fd, (off_t)offset, SEEK_SET) < 0)
        log_source_fail(source, errno);
}

/* ---- compressed ---- */

static void open_inflater(struct log_source *source, enum packing packing, const char *bytes, size_t length) {
    struct log_inflater *inflater = memory_zeroed(1, sizeof *inflater);
    bool good = true;
    memcpy(inflater->input, bytes, length);
    inflater->packing = packing;
    inflater->end = length;
    if (packing == PACKED_ZSTD) {
        inflater->zstd = ZSTD_createDStream();
        good = inflater->zstd && !ZSTD_isError(ZSTD_initDStream(inflater->zstd));
    } else if (packing == PACKED_GZIP) {
        /* 16 selects gzip. */
        good = inflateInit2(&inflater->gzip, MAX_WBITS + 16) == Z_OK;
    } else {
        inflater->big = bytes[0] == '\xfe';
        inflater->start = LOG_UTF16_MARK;
    }
    if (!good) {
        report_error("out of memory");
        exit(STATUS_FAILED);
    }
    source->inflater = inflater;
    source->regular = false;
}

static void report_corrupt(struct log_source *source, const char *why) {
    report_error("cannot read '%s': %s data: %s", source->name, source->inflater->zstd ? "zstd" : "gzip",
                 why);
    source->failed = true;
}

/* Decompresses one step into `bytes`; false when the data are corrupt. */
static bool inflate_gzip(struct log_source *source, char *bytes, size_t room, size_t *made) {
    struct log_inflater *inflater = source->inflater;
    z_stream *gzip = &inflater->gzip;
    gzip->next_in = (Bytef *)inflater->input + inflater->start;
    gzip->avail_in = (uInt)(inflater->end - inflater->start);
    gzip->next_out = (Bytef *)bytes;
    gzip->avail_out = (uInt)(room > 1 << 30 ? 1 << 30 : room);
    uInt had = gzip->avail_out;
    int result = inflate(gzip, Z_NO_FLUSH);
    inflater->start = inflater->end - gzip->avail_in;
    *made = had - gzip->avail_out;
    inflater->inside = result != Z_STREAM_END;
    if (result == Z_STREAM_END) {
        inflateReset(gzip);
        /* Zeros after the last file are the padding of a tape block. */
        while (inflater->start < inflater->end && !inflater->input[inflater->start])
            inflater->start++;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        report_corrupt(source, gzip->msg ? gzip->msg : "corrupt");
        return false;
    }
    return true;
}

static bool inflate_zstd(struct log_source *source, char *bytes, size_t room, size_t *made) {
    struct log_inflater *inflater = source->inflater;
    ZSTD_inBuffer in = {inflater->input, inflater->end, inflater->start};
    ZSTD_outBuffer out = {bytes, room, 0};
    size_t result = ZSTD_decompressStream(inflater->zstd, &out, &in);
    inflater->start = in.pos;
    *made = out.pos;
    inflater->inside = result != 0;
    if (!ZSTD_isError(result))
        return true;
    report_corrupt(source, ZSTD_getErrorName(result));
    return false;
}

static size_t read_inflated(struct log_source *source, char *bytes, size_t room) {
    struct log_inflater *inflater = source->inflater;
    size_t made = 0;
    while (!made && !source->failed) {
        if (inflater->start == inflater->end) {
            inflater->start = 0;
            inflater->end = read_some(source, inflater->input, sizeof inflater->input);
            if (!inflater->end) {
                if (inflater->inside && !source->failed)
                    report_corrupt(source, "unexpected end");
                return 0;
            }
        }
        if (!(inflater->zstd ? inflate_zstd(source, bytes, room, &made)
                             : inflate_gzip(source, bytes, room, &made)))
            return made;
    }
    return made;
}

/* ---- UTF-16 ---- */

static size_t read_utf16(struct log_source *source, char *bytes, size_t room) {
    struct log_inflater *inflater = source->inflater;
    size_t made = 0;
    while (!source->failed) {
        size_t left = inflater->end - inflater->start;
        char *input = inflater->input;
        inflater->start += log_utf16_decode(input + inflater->start, left, inflater->big, bytes, room, &made);
        if (made)
            return made;
        memmove(input, input + inflater->start, left);
        size_t got = read_some(source, input + left, sizeof inflater->input - left);
        inflater->start = 0;
        inflater->end = got ? left + got : 0;
        if (!got)
            return 0;
    }
    return 0;
}

/* ---- all ---- */

static enum packing packing_of(const char *bytes, size_t length) {
    static const char gzip[] = {'\x1f', '\x8b'}, zstd[] = {'\x28', '\xb5', '\x2f', '\xfd'},
                      /* written by pzstd before each part */
        skippable[] = {'\x50', '\x2a', '\x4d', '\x18'};
    if (length >= sizeof gzip && memcmp(bytes, gzip, sizeof gzip) == 0)
        return PACKED_GZIP;
    if (length >= sizeof zstd &&
        (memcmp(bytes, zstd, sizeof zstd) == 0 || memcmp(bytes, skippable, sizeof skippable) == 0))
        return PACKED_ZSTD;
    return log_utf16_begins(bytes, length) ? PACKED_UTF16 : PACKED_NOT;
}

/* True when `byte` may be the first byte of a packed file. */
static bool may_be_packed(char byte) {
    return byte == '\x1f' || byte == '\x28' || byte == '\x50' || byte == '\xff' || byte == '\xfe';
}

size_t log_source_read(struct log_source *source, char *bytes, size_t room) {
    if (source->failed)
        return 0;
    if (source->inflater)
        return source->inflater->packing == PACKED_UTF16 ? read_utf16(source, bytes, room)
                                                         : read_inflated(source, bytes, room);
    if (source->known)
        return read_some(source, bytes, room);
    size_t length = 0, got;
    room = room < INPUT_SIZE ? room : INPUT_SIZE;
    do
        length += got = read_some(source, bytes + length, room - length);
    while (got && length < MAGIC_SIZE && may_be_packed(bytes[0]));
    source->known = true;
    enum packing packing = packing_of(bytes, length);
    if (packing == PACKED_NOT)
        return length;
    open_inflater(source, packing, bytes, length);
    return log_source_read(source, bytes, room);
}

bool log_source_waits(const struct log_source *source, int milliseconds) {
    struct pollfd input = {.fd = source->fd, .events = POLLIN};
    return !source->regular && poll(&input, 1, milliseconds) == 0;
}

unsigned long log_source_lines(const struct log_source *source, size_t offset) {
    enum { BLOCK = 64 * 1024 };
    char *block = memory_resize(NULL, BLOCK, 1);
    unsigned long lines = 0;
    for (size_t at = 0; at < offset;) {
        size_t want = offset - at < BLOCK ? offset - at : BLOCK;
        ssize_t got = pread(source->fd, block, want, (off_t)at);
        if (got <= 0)
            break;
        lines += log_count_lines(block, (size_t)got);
        at += (size_t)got;
    }
    free(block);
    return lines;
}
