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

/* Notes the line of the first unreadable report. */
void log_note_unreadable(struct log_reader *reader, const char *at) {
    if (!reader->sink->just_unreadable)
        return;
    reader->sink->just_unreadable = false;
    if (!reader->unreadable_line)
        reader->unreadable_line = log_line_of(reader, log_place_of(reader, at));
}
