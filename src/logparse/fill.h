/* Private header of the log reader, for its three parts: the buffer (fill.c), the forms (reader.c), and the
 * loop over an input (reader-loop.c). */
#ifndef LOGPARSE_FILL_H
#define LOGPARSE_FILL_H

#include "logparse/reader.h"

/* Drops the buffer before `start` and reads more input after the rest; sets `at_end` at the end of the input.
 * Flushes the output before it waits. */
void log_reader_fill(struct log_reader *reader);

/* Drops the buffer before `start` and appends `bytes`. */
void log_reader_feed(struct log_reader *reader, struct span bytes);

/* Skips the next `length` bytes of the input, which were processed elsewhere. The buffer must be empty. */
void log_reader_pass(struct log_reader *reader, size_t length);

/* Processes the buffer. True when it must be called again immediately, because input of another form follows;
 * false when more input is needed or everything was processed. */
bool log_reader_step(struct log_reader *reader);

#endif
