#include "logparse/place.h"

#include "logparse/scan.h"

size_t log_place_of(const struct log_reader *reader, const char *at) {
    return reader->offset + (size_t)(at - reader->buffer);
}

const char *log_at_place(const struct log_reader *reader, size_t place) {
    return reader->buffer + (place - reader->offset);
}

/* The number of the line at position `place` of the input, from 1. */
unsigned long log_line_of(const struct log_reader *reader, size_t place) {
    if (reader->source.regular)
        return log_source_lines(&reader->source, place) + 1;
    size_t inside = place > reader->offset ? place - reader->offset : 0;
    return reader->lines + log_count_lines(reader->buffer, inside < reader->end ? inside : reader->end) + 1;
}

unsigned long log_reader_lines(const struct log_reader *reader) {
    size_t place = reader->offset + reader->end;
    bool partial = reader->end && reader->buffer[reader->end - 1] != '\n';
    return log_line_of(reader, place) - !partial;
}

/* Counts from the last such position, so that all calls for an input take the time of one. */
unsigned long log_line_now(struct log_reader *reader, size_t place) {
    if (reader->source.regular)
        return 0;
    if (reader->counted_place < reader->offset || reader->counted_place > place) {
        reader->counted_place = reader->offset;
        reader->counted_lines = reader->lines;
    }
    size_t from = reader->counted_place - reader->offset,
           to = place > reader->offset ? place - reader->offset : 0;
    if (to > from) {
        reader->counted_lines += log_count_lines(reader->buffer + from, to - from);
        reader->counted_place = place;
    }
    return reader->counted_lines + 1;
}

void log_count_note_lines(struct log_reader *reader, bool all) {
    for (int i = 0; i < LOG_NOTES; i++) {
        struct log_note *note = &reader->sink->notes[i];
        if (!note->count || note->line || note->input != reader->source.name)
            continue;
        note->line = log_line_now(reader, note->place);
        if (all && !note->line)
            note->line = log_line_of(reader, note->place);
    }
}
