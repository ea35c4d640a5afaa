#include "logparse/deferred.h"

#include "util/memory.h"

#include <stdlib.h>

/* At least KEPT bytes of the last records are not written before the end, for endings. */
enum { WRITE_AT = 64 * 1024, KEPT = 8 * 1024 };

/* The place in `records` before which they may be written, when `kept` bytes of the last are kept. */
static size_t cut(struct span records, size_t kept) {
    if (records.length <= kept)
        return 0;
    const char *newline = memrchr(records.start, '\n', records.length - kept);
    return newline ? (size_t)(newline + 1 - records.start) : 0;
}

void log_sink_records(struct log_sink *sink, struct span records, unsigned long reports) {
    size_t written = cut(records, KEPT);
    sink->reports += reports;
    if (written)
        output_lines(sink->output, records.start, written);
    text_append(&sink->output->pending, records.start + written, records.length - written);
}

/* Writes the pending records, except `kept` bytes or more. */
static void flush_except(struct log_sink *sink, size_t kept) {
    struct text *pending = &sink->output->pending, last = TEXT_INIT;
    size_t written = cut((struct span){pending->bytes, pending->length}, kept);
    if (!written)
        return;
    text_append(&last, pending->bytes + written, pending->length - written);
    pending->length = written;
    output_flush(sink->output);
    text_append(pending, text_string(&last), last.length);
    text_release(&last);
}

void log_sink_flush(struct log_sink *sink) {
    flush_except(sink, 1);
}

void log_sink_ending(struct log_sink *sink, const char *id, const char *status) {
    log_endings_add(&sink->endings, id, status, &sink->output->pending);
}

static void flush_when_full(struct log_sink *sink) {
    if (sink->output->pending.length >= WRITE_AT)
        flush_except(sink, KEPT);
}

/* Ends the record that begins at `start` of the pending ones. */
static void end_line(struct log_sink *sink, size_t start) {
    if (sink->endings.count)
        log_endings_apply(&sink->endings, &sink->output->pending, start);
    text_append_byte(&sink->output->pending, '\n');
    flush_when_full(sink);
}

void log_sink_report(struct log_sink *sink, const struct report *report, const struct origin *origin) {
    sink->reports++;
    if (sink->seen && !seen_add(sink->seen, seen_key(report)))
        return;
    size_t start = sink->output->pending.length;
    measurement_append(&sink->output->pending, report, origin);
    end_line(sink, start);
}

const char *log_sink_fast(struct log_sink *sink, enum log_anchor anchor, const char *floor, const char *hit) {
    bool general = sink->seen || sink->endings.count;
    const char *newline = general ? NULL : log_fast_report(anchor, floor, hit, &sink->output->pending);
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
        size_t start = sink->output->pending.length;
        text_append(&sink->output->pending, text + entry->start, entry->length);
        measurement_finish(&sink->output->pending, &origin);
        end_line(sink, start);
    }
    log_deferred_drop(deferred, 0);
}
