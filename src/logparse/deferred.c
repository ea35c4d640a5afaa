#include "logparse/deferred.h"

#include "logparse/fast-report.h"
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

const char *log_sink_usual(struct log_sink *sink, const char *at) {
    const char *end = sink->seen ? NULL : fast_report_copy(at, &sink->output->pending);
    if (!end)
        return NULL;
    sink->reports++;
    flush_when_full(sink);
    return end;
}

void log_sink_unreadable(struct log_sink *sink) {
    sink->unreadable++;
    sink->just_unreadable = true;
}

static size_t keep(struct log_deferred *pending, struct span bytes) {
    size_t start = pending->text.length;
    text_append(&pending->text, bytes.start, bytes.length);
    return start;
}

static void fill(struct log_deferred *pending, struct log_entry *entry, const struct origin *origin) {
    if (!entry->function_length && origin->function_name.start) {
        entry->function = keep(pending, origin->function_name);
        entry->function_length = origin->function_name.length;
    }
    if (!entry->stream_length && origin->log_stream.start) {
        entry->stream = keep(pending, origin->log_stream);
        entry->stream_length = origin->log_stream.length;
    }
    if (!entry->timestamp)
        entry->timestamp = origin->timestamp;
}

void log_pending_release(struct log_deferred *pending) {
    free(pending->entries);
    text_release(&pending->text);
    *pending = (struct log_deferred){0};
}

void log_pending_add(struct log_deferred *pending, const struct log_sink *sink, const struct report *report,
                     const struct origin *origin) {
    pending->entries =
        memory_reserve(pending->entries, &pending->capacity, pending->count + 1, sizeof *pending->entries);
    struct log_entry *entry = &pending->entries[pending->count++];
    *entry = (struct log_entry){.start = pending->text.length};
    measurement_open(&pending->text, report);
    entry->length = pending->text.length - entry->start;
    if (sink->seen)
        entry->key = seen_key(report);
    fill(pending, entry, origin);
}

void log_pending_fill(struct log_deferred *pending, size_t first, const struct origin *origin) {
    for (size_t i = first; i < pending->count; i++)
        fill(pending, &pending->entries[i], origin);
}

void log_pending_drop(struct log_deferred *pending, size_t first) {
    if (first < pending->count)
        pending->count = first;
    if (!pending->count)
        text_clear(&pending->text);
}

void log_pending_flush(struct log_deferred *pending, struct log_sink *sink) {
    const char *text = text_string(&pending->text);
    for (size_t i = 0; i < pending->count; i++) {
        const struct log_entry *entry = &pending->entries[i];
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
    log_pending_drop(pending, 0);
}
