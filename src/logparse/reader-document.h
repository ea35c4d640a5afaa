/* Documents in the input: they begin and end between lines of text. */
#ifndef LOGPARSE_READER_DOCUMENT_H
#define LOGPARSE_READER_DOCUMENT_H

#include "logparse/reader.h"

/* True when a bracket is at `at` in the line that begins at `line`, and the line was not found to be text. */
bool log_reader_may_be_document(const struct log_reader *reader, const char *line, const char *at,
                                const char *end);

/* Begins the document at `at`, in the line that begins at `line`, after text that gives the origin `prefix`.
 * Returns true. */
bool log_reader_start_document(struct log_reader *reader, const char *line, const char *at,
                               const struct origin *prefix);

/* Continues to read the document; true when text follows, false when more input is needed. */
bool log_reader_document(struct log_reader *reader);

#endif
