#include "logparse/fill.h"

#include "logparse/scan.h"
#include "util/memory.h"

#include <string.h>

/* An ending follows its report at once. */
enum { READ_SIZE = 256 * 1024, ENDING_MS = 100 };

/* Drops the processed part of the buffer and makes room for `more` bytes after the rest. Counts the dropped
 * lines if the source cannot be read again to count them later. */
static void make_room(struct log_reader *reader, size_t more) {
    if (reader->start) {
        if (!reader->source.regular)
            reader->lines += log_count_lines(reader->buffer, reader->start);
        memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
        reader->offset += reader->start;
        reader->at -= reader->start;
        reader->end -= reader->start;
        reader->start = 0;
    }
    if (reader->capacity - reader->end < more) {
        reader->capacity = reader->end + more + (reader->end > (size_t)4 * READ_SIZE ? reader->end : 0);
        reader->buffer = memory_resize(reader->buffer, reader->capacity, 1);
    }
}

void log_reader_fill(struct log_reader *reader) {
    make_room(reader, READ_SIZE);
    struct log_sink *sink = reader->sink;
    if (sink->output->pending.length && log_source_waits(&reader->source, 0)) {
        log_sink_flush(sink);
        if (sink->output->pending.length && log_source_waits(&reader->source, ENDING_MS))
            output_flush(sink->output);
    }
    size_t got = log_source_read(&reader->source, reader->buffer + reader->end, READ_SIZE);
    reader->end += got;
    reader->at_end = got == 0;
}

void log_reader_feed(struct log_reader *reader, struct span bytes) {
    if (!bytes.length)
        return;
    make_room(reader, bytes.length);
    memcpy(reader->buffer + reader->end, bytes.start, bytes.length);
    reader->end += bytes.length;
}

void log_reader_pass(struct log_reader *reader, size_t length) {
    make_room(reader, 1);
    reader->offset += length;
}
