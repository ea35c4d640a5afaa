/* Distinguishes the records of this toolkit from JSON that a function logged. */
#ifndef LOGPARSE_OWN_RECORD_H
#define LOGPARSE_OWN_RECORD_H

#include "util/span.h"

#include <stdbool.h>

/* True when the line from `line` to `end` is a record that only this toolkit writes; the lines after it are
 * then records too. `whole`: `end` is the end of the line; otherwise only the beginning of the line is
 * checked. */
bool log_record_begins(const char *line, const char *end, bool whole);

/* True when the line begins as this toolkit writes its records, whatever follows. */
bool log_record_is_cut(const char *line, const char *end);

#endif
