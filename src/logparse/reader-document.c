#include "logparse/reader-document.h"

#include "logparse/place.h"
#include "logparse/scan.h"

static const struct origin no_origin = {{NULL, 0}, {NULL, 0}, 0};

bool log_reader_may_be_document(const struct log_reader *reader, const char *line, const char *at,
                                const char *end) {
    return at < end && (*at == '{' || *at == '[') && reader->plain_line != log_place_of(reader, line) + 1;
}

static unsigned long found(const struct log_reader *reader) {
    return reader->sink->reports + log_sink_notes(reader->sink) + reader->deferred->count;
}

bool log_reader_start_document(struct log_reader *reader, const char *line, const char *at,
                               const struct origin *prefix) {
    reader->mode = LOG_DOCUMENT;
    reader->document_line = log_place_of(reader, line);
    reader->start = reader->at = (size_t)(at - reader->buffer);
    reader->document_report = 0;
    reader->document_found = found(reader);
    log_document_open(&reader->document, &reader->context, log_place_of(reader, at), prefix);
    return true;
}

static void continue_as_text(struct log_reader *reader, const char *at, bool headless) {
    log_document_close(&reader->document);
    reader->mode = LOG_TEXT;
    reader->headless = reader->after_document = headless;
    reader->start = reader->at = (size_t)(at - reader->buffer);
    reader->text_from = log_place_of(reader, at);
}

/* The document is not JSON at `at`. Continues as text: with the line of `at`, or the line in which the
 * document began. */
static bool abandon_document(struct log_reader *reader, const char *at) {
    size_t line_start = reader->document.line_start;
    bool later = line_start > reader->document_line && line_start >= reader->offset + reader->start;
    reader->sink->place = log_place_of(reader, at);
    log_document_abandon(&reader->document);
    reader->embedded_until = log_place_of(reader, at);
    if (later) {
        continue_as_text(reader, log_at_place(reader, line_start), false);
    } else if (reader->document_line >= reader->offset && line_start <= reader->document.frames[0].start) {
        size_t text_from = reader->text_from;
        reader->plain_line = reader->document_line + 1;
        continue_as_text(reader, log_at_place(reader, reader->document_line), false);
        reader->text_from = text_from; /* nothing came between */
    } else {
        continue_as_text(reader, at, true);
    }
    return true;
}

/* Notes where a report begins in the part of the document before `at`, while the document gives none. */
static void look_for_report(struct log_reader *reader, const char *at) {
    const char *here = reader->buffer + reader->start;
    enum log_anchor anchor;
    if (reader->document_report || found(reader) != reader->document_found)
        return;
    while ((here = log_scan(here, at, &anchor)) && anchor != ANCHOR_REPORT && anchor != ANCHOR_JSON_REPORT)
        here++;
    if (here)
        reader->document_report = log_place_of(reader, here) + 1;
}

/* Notes the report of a document that gave none. */
static void lose_report(struct log_reader *reader) {
    if (!reader->document_report || found(reader) != reader->document_found)
        return;
    reader->sink->place = reader->document_report - 1;
    log_sink_note(reader->sink, reader->document.own ? NOTE_QUOTED : NOTE_UNREADABLE,
                  "in a string that is not a message");
}

bool log_reader_document(struct log_reader *reader) {
    const char *at = reader->buffer + reader->at, *end = reader->buffer + reader->end;
    enum document_result result =
        log_document_read(&reader->document, reader->buffer, reader->offset, &at, end);
    look_for_report(reader, at);
    if (result == DOCUMENT_BAD || (result == DOCUMENT_MORE && reader->at_end))
        return abandon_document(reader, at);
    if (result == DOCUMENT_MORE) {
        size_t keep = log_document_keep(&reader->document, log_place_of(reader, at));
        reader->at = (size_t)(at - reader->buffer);
        reader->start = keep > reader->offset ? keep - reader->offset : 0;
        return false;
    }
    lose_report(reader);
    /* Documents may follow each other directly. */
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
        at++;
    const char *line =
        reader->document_line >= reader->offset ? log_at_place(reader, reader->document_line) : at;
    bool new_line = at < end && *at == '\n';
    continue_as_text(reader, new_line ? at + 1 : at, !new_line);
    if (at < end && (*at == '{' || *at == '['))
        log_reader_start_document(reader, line, at, &no_origin);
    return true;
}
