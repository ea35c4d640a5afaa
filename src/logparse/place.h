/* Positions in the input of a reader, and the lines that they are in. */
#ifndef LOGPARSE_PLACE_H
#define LOGPARSE_PLACE_H

#include "logparse/reader.h"

/* The position in the input of the byte at `at` in the buffer, and the reverse. */
size_t log_place_of(const struct log_reader *reader, const char *at);
const char *log_at_place(const struct log_reader *reader, size_t place);

/* The number of the line at position `place` of the input, from 1. Not fast. */
unsigned long log_line_of(const struct log_reader *reader, size_t place);

/* If the sink has just met its first unreadable report, notes that its line is the one at `at`. */
void log_note_unreadable(struct log_reader *reader, const char *at);

#endif
