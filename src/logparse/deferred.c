#include "logparse/deferred.h"

#include "util/memory.h"

#include <stdlib.h>

enum { WRITE_AT = 64 * 1024 };

static void flush_when_full(struct log_sink *sink) {
    if (sink->output->pending.length >= WRITE_AT)
        output_flush(sink->output);
}

static void end_line(struct log_sink *sink) {
    text_append_byte(&sink->output->pending, '\n');
    flush_when_full(sink);
}

void log_sink_report(struct log_sink *sink, const struct report *report, const struct origin *origin) {
    sink->reports++;
    if (sink->seen && !seen_add(sink->seen, seen_key(report)))
        return;
    measurement_append(&sink->output->pending, report, origin);
    end_line(sink);
}

const char *log_sink_fast(struct log_sink *sink, enum log_anchor anchor, const char *floor, const char *hit) {
    const char *newline = sink->seen ? NULL : log_fast_report(anchor, floor, hit, &sink->output->pending);
    if (!newline)
        return NULL;
    sink->reports++;
    flush_when_full(sink);
    return newline;
}

void log_sink_unreadable(struct log_sink *sink) {
    sink->unreadable++;
    sink->just_unreadable = true;
}

static size_t keep(struct log_deferred *deferred, struct span bytes) {
    size_t start = deferred->text.length;
    text_append(&deferred->text, bytes.start, bytes.length);
    return start;
}

static void fill(struct log_deferred *deferred, struct log_entry *entry, const struct origin *origin) {
    if (!entry->function_length && origin->function_name.start) {
        entry->function = keep(deferred, origin->function_name);
        entry->function_length = origin->function_name.length;
    }
    if (!entry->stream_length && origin->log_stream.start) {
        entry->stream = keep(deferred, origin->log_stream);
        entry->stream_length = origin->log_stream.length;
    }
    if (!entry->timestamp)
        entry->timestamp = origin->timestamp;
}

void log_deferred_release(struct log_deferred *deferred) {
    free(deferred->entries);
    text_release(&deferred->text);
    *deferred = (struct log_deferred){0};
}

void log_deferred_add(struct log_deferred *deferred, const struct log_sink *sink, const struct report *report,
                      const struct origin *origin) {
    deferred->entries = memory_reserve(deferred->entries, &deferred->capacity, deferred->count + 1,
                                       sizeof *deferred->entries);
    struct log_entry *entry = &deferred->entries[deferred->count++];
    *entry = (struct log_entry){.start = deferred->text.length};
    measurement_open(&deferred->text, report);
    entry->length = deferred->text.length - entry->start;
    if (sink->seen)
        entry->key = seen_key(report);
    fill(deferred, entry, origin);
}

void log_deferred_fill(struct log_deferred *deferred, size_t first, const struct origin *origin) {
    for (size_t i = first; i < deferred->count; i++)
        fill(deferred, &deferred->entries[i], origin);
}

void log_deferred_drop(struct log_deferred *deferred, size_t first) {
    if (first < deferred->count)
        deferred->count = first;
    if (!deferred->count)
        text_clear(&deferred->text);
}

void log_deferred_flush(struct log_deferred *deferred, struct log_sink *sink) {
    const char *text = text_string(&deferred->text);
    for (size_t i = 0; i < deferred->count; i++) {
        const struct log_entry *entry = &deferred->entries[i];
        sink->reports++;
        if (sink->seen && !seen_add(sink->seen, entry->key))
            continue;
        struct origin origin = {.timestamp = entry->timestamp};
        if (entry->function_length)
            origin.function_name = (struct span){text + entry->function, entry->function_length};
        if (entry->stream_length)
            origin.log_stream = (struct span){text + entry->stream, entry->stream_length};
        text_append(&sink->output->pending, text + entry->start, entry->length);
        measurement_finish(&sink->output->pending, &origin);
        end_line(sink);
    }
    log_deferred_drop(deferred, 0);
}
