#include "logparse/deferred.h"

#include "util/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At least KEPT bytes of the last records are not written before the end, for endings. */
enum { WRITE_AT = 64 * 1024, KEPT = 8 * 1024 };

/* The place in `records` before which they may be written, when `kept` bytes of the last are kept. */
static size_t cut(struct span records, size_t kept) {
    if (records.length <= kept)
        return 0;
    const char *newline = memrchr(records.start, '\n', records.length - kept);
    return newline ? (size_t)(newline + 1 - records.start) : 0;
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

static struct text *text_of(struct log_sink *sink) {
    return sink->held ? sink->held : &sink->output->pending;
}

static void flush_when_full(struct log_sink *sink) {
    if (sink->output->pending.length >= WRITE_AT)
        flush_except(sink, KEPT);
}

/* Ends the record that begins at `start`. */
static void end_line(struct log_sink *sink, size_t start) {
    if (sink->endings.count && !sink->held)
        log_endings_apply(&sink->endings, &sink->output->pending, start);
    text_append_byte(text_of(sink), '\n');
    flush_when_full(sink);
}

static unsigned long most(const struct log_id *id) {
    return id->reports > id->events ? id->reports : id->events;
}

/* True when this occurrence of the id is not one that was counted before in the other form. */
static bool is_new(struct log_sink *sink, uint64_t hash, bool event) {
    if (sink->ids.partial && !event)
        return true;
    struct log_id *id = log_ids_add(&sink->ids, hash);
    sink->events += event;
    sink->uncompared += event && !id;
    if (!id)
        return true;
    unsigned long before = most(id);
    if (event)
        id->events++;
    else
        id->reports++;
    return most(id) > before;
}

bool log_sink_counts(struct log_sink *sink, const struct seen_key *key, uint64_t id, bool event) {
    bool first = !sink->seen || seen_add(sink->seen, *key);
    sink->doubled += !first;
    first = first && is_new(sink, id, event);
    sink->reports += !event || first;
    return first;
}

void log_sink_report(struct log_sink *sink, const struct report *report, const struct origin *origin) {
    struct seen_key key = {0};
    if (sink->seen)
        key = seen_key(report);
    if (!log_sink_counts(sink, &key, sink->ids.partial ? 0 : log_id_hash(report->request_id), false))
        return;
    size_t start = text_of(sink)->length;
    measurement_append(text_of(sink), report, origin);
    end_line(sink, start);
}

/* The request id of a record that the fast path wrote. */
static struct span id_of_record(const char *record) {
    enum { ID_LENGTH = 36 };
    static const char start[] = "{\"type\":\"measurement\",\"power\":", name[] = ",\"requestId\":\"";
    const char *id = strchr(record + sizeof start - 1, ',') + sizeof name - 1;
    return (struct span){id, ID_LENGTH};
}

static bool record_is_new(struct log_sink *sink, const char *record) {
    return sink->ids.partial || is_new(sink, log_id_hash(id_of_record(record)), false);
}

void log_sink_release(struct log_sink *sink, struct span records) {
    struct text *pending = &sink->output->pending;
    const char *at = records.start, *end = at + records.length;
    while (at < end && sink->endings.count) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t start = pending->length;
        text_append(pending, at, (size_t)(newline - at));
        log_endings_apply(&sink->endings, pending, start);
        text_append_byte(pending, '\n');
        at = newline + 1;
    }
    text_append(pending, at, (size_t)(end - at));
    flush_when_full(sink);
}

/* Remembers the ids of the records, while that is of use; appends those that are new to `left` if there were
 * events, and returns the place after them. */
static size_t compare(struct log_sink *sink, struct span records, struct text *left) {
    const char *at = records.start, *end = at + records.length;
    while (at < end && !sink->ids.partial) {
        const char *next = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
        if (record_is_new(sink, at) && sink->events)
            text_append(left, at, (size_t)(next - at));
        at = next;
    }
    return (size_t)(at - records.start);
}

void log_sink_records(struct log_sink *sink, struct span records, unsigned long reports) {
    struct text left = TEXT_INIT;
    size_t compared = compare(sink, records, &left);
    if (sink->events) {
        text_append(&left, records.start + compared, records.length - compared);
        records = (struct span){text_string(&left), left.length};
    }
    size_t written = cut(records, KEPT);
    sink->reports += reports;
    if (written)
        output_lines(sink->output, records.start, written);
    text_append(&sink->output->pending, records.start + written, records.length - written);
    text_release(&left);
}

const char *log_sink_fast(struct log_sink *sink, enum log_anchor anchor, const char *floor, const char *hit) {
    struct text *text = text_of(sink);
    size_t before = text->length;
    bool general = sink->seen || sink->endings.count;
    const char *newline = general ? NULL : log_fast_report(anchor, floor, hit, text);
    if (!newline)
        return NULL;
    sink->reports++;
    if (!record_is_new(sink, text->bytes + before))
        text->length = before;
    flush_when_full(sink);
    return newline;
}

void log_sink_note_at(struct log_sink *sink, enum log_note_kind kind, size_t place, unsigned long line,
                      const char *reason) {
    struct log_note *note = &sink->notes[kind];
    note->count++;
    if (note->count > 1 && (note->input != sink->input || note->place <= place))
        return;
    note->input = sink->input;
    note->place = place;
    note->line = line;
    snprintf(note->reason, sizeof note->reason, "%s", reason);
}

void log_sink_note(struct log_sink *sink, enum log_note_kind kind, const char *reason) {
    log_sink_note_at(sink, kind, sink->place, 0, reason);
}

unsigned long log_sink_notes(const struct log_sink *sink) {
    unsigned long sum = 0;
    for (int i = 0; i < LOG_NOTES; i++)
        sum += sink->notes[i].count;
    return sum;
}

void log_sink_unreadable(struct log_sink *sink, enum report_result result, const struct report *report) {
    char reason[sizeof sink->notes->reason];
    log_note_reason(reason, result, report);
    log_sink_note(sink, NOTE_UNREADABLE, reason);
}

void log_sink_close(struct log_sink *sink) {
    log_ids_close(&sink->ids);
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

static struct log_entry *add_entry(struct log_deferred *deferred) {
    deferred->entries = memory_reserve(deferred->entries, &deferred->capacity, deferred->count + 1,
                                       sizeof *deferred->entries);
    struct log_entry *entry = &deferred->entries[deferred->count++];
    *entry = (struct log_entry){.start = deferred->text.length};
    return entry;
}

void log_deferred_add(struct log_deferred *deferred, const struct log_sink *sink, const struct report *report,
                      const struct origin *origin) {
    struct log_entry *entry = add_entry(deferred);
    measurement_open(&deferred->text, report);
    entry->length = deferred->text.length - entry->start;
    if (sink->seen)
        entry->key = seen_key(report);
    if (!sink->ids.partial)
        entry->id = log_id_hash(report->request_id);
    fill(deferred, entry, origin);
}

void log_deferred_lose(struct log_deferred *deferred, const struct log_sink *sink, struct span words) {
    struct log_entry *entry = add_entry(deferred);
    entry->lost = true;
    entry->place = sink->place;
    entry->length = words.length;
    text_append(&deferred->text, words.start, words.length);
}

void log_deferred_take(struct log_deferred *deferred, struct log_sink *sink, enum report_result result,
                       const struct report *report, const struct origin *origin) {
    if (result == REPORT_READ)
        log_deferred_add(deferred, sink, report, origin);
    else
        log_sink_unreadable(sink, result, report);
}

bool log_deferred_take_json(struct log_deferred *deferred, struct log_sink *sink, struct span object) {
    static const char memory[] = "memorySizeMB";
    struct report report;
    enum report_result result;
    if (!reportline_parse_json(object, &report, &result))
        return false;
    if (result == REPORT_BAD && report.duration.start &&
        !memmem(object.start, object.length, memory, sizeof memory - 1))
        log_sink_note(sink, NOTE_UNMEASURED, "no memory size, as of Lambda Managed Instances");
    else
        log_deferred_take(deferred, sink, result == REPORT_READ ? REPORT_READ : REPORT_OPEN, &report,
                          &(struct origin){0});
    return true;
}

void log_deferred_mark_event(struct log_deferred *deferred, struct span id) {
    deferred->entries[deferred->count - 1].event = true;
    deferred->entries[deferred->count - 1].id = log_id_hash(id);
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

void log_deferred_quote(struct log_deferred *deferred, struct log_sink *sink, size_t first) {
    for (size_t i = first; i < deferred->count; i++)
        log_sink_note(sink, NOTE_QUOTED, "");
    log_deferred_drop(deferred, first);
}

static void flush_lost(struct log_sink *sink, const struct log_entry *entry, const char *text) {
    char reason[sizeof sink->notes->reason];
    log_note_prefix(reason, (struct span){text + entry->start, entry->length});
    log_sink_note_at(sink, NOTE_UNREADABLE, entry->place, 0, reason);
}

void log_deferred_flush(struct log_deferred *deferred, struct log_sink *sink) {
    const char *text = text_string(&deferred->text);
    for (size_t i = 0; i < deferred->count; i++) {
        const struct log_entry *entry = &deferred->entries[i];
        if (entry->lost)
            flush_lost(sink, entry, text);
        if (entry->lost || !log_sink_counts(sink, &entry->key, entry->id, entry->event))
            continue;
        struct origin origin = {.timestamp = entry->timestamp};
        if (entry->function_length)
            origin.function_name = (struct span){text + entry->function, entry->function_length};
        if (entry->stream_length)
            origin.log_stream = (struct span){text + entry->stream, entry->stream_length};
        size_t start = text_of(sink)->length;
        text_append(text_of(sink), text + entry->start, entry->length);
        measurement_finish(text_of(sink), &origin);
        end_line(sink, start);
    }
    log_deferred_drop(deferred, 0);
}
