/* The parts of a log reader: its buffer (logfill.c), what is made of it (logreader.c), and how all of an
 * input passes through it (logrun.c). For these alone. */
#ifndef LOGPARSE_FILL_H
#define LOGPARSE_FILL_H

#include "logparse/reader.h"

/* Drops what lies before `start`, and reads more behind the rest; `at_end` when there is no more. What was
 * made until now is shown before it waits. */
void log_reader_fill(struct log_reader *reader);

/* The same with bytes that are there. */
void log_reader_feed(struct log_reader *reader, struct span bytes);

/* Passes over the next `length` bytes of the input, which somebody else has looked at; nothing must be kept.
 */
void log_reader_pass(struct log_reader *reader, size_t length);

/* Looks at what is in the buffer. True when it is to be called again at once, because what follows is of
 * another form; false when more must be read first, or all was read. */
bool log_reader_step(struct log_reader *reader);

#endif
