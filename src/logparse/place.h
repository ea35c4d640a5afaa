/* Positions in the input of a reader, and the lines that they are in. */
#ifndef LOGPARSE_PLACE_H
#define LOGPARSE_PLACE_H

#include "logparse/reader.h"

/* The position in the input of the byte at `at` in the buffer, and the reverse. */
size_t log_place_of(const struct log_reader *reader, const char *at);
const char *log_at_place(const struct log_reader *reader, size_t place);

/* The number of the line at position `place` of the input, from 1. Not fast. */
unsigned long log_line_of(const struct log_reader *reader, size_t place);

/* The line number of a position for log_sink_note_at: 0 when it is counted later, because the source can be read
 * again. */
unsigned long log_line_now(struct log_reader *reader, size_t place);

/* Counts the lines of the notes of this input: of a source that cannot be read again, or `all`. The buffer
 * must still have their places. */
void log_count_note_lines(struct log_reader *reader, bool all);

#endif
