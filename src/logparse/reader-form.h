/* The forms of input that the first lines select: records of this toolkit, a table, or text. */
#ifndef LOGPARSE_READER_FORM_H
#define LOGPARSE_READER_FORM_H

#include "logparse/reader.h"

/* Of a line or row, at most this much is kept while its end is awaited. */
enum { LOG_LINE_KEEP = 128 * 1024 };

/* Looks at the next of the first lines, to select the mode. A table may follow a few lines, such as the
 * command that printed it, in which nothing begins that the reader of text would see. False when more input
 * is needed; otherwise the mode may be selected, and the reader continues. */
bool log_reader_first(struct log_reader *reader);

/* Reads rows of the table; true when text follows, false when more input is needed. */
bool log_reader_table(struct log_reader *reader);

#endif
