/* Telling the records of this toolkit from the JSON that a function may log. */
#ifndef LOGPARSE_OWN_RECORD_H
#define LOGPARSE_OWN_RECORD_H

#include "util/span.h"

#include <stdbool.h>

/* True when the line from `line` to `end` is a record that only this toolkit writes, so that what follows it
 * are records too. `whole`: the line is there to its end; without it only its beginning is looked at. */
bool log_record_begins(const char *line, const char *end, bool whole);

/* True when it begins as the records of this toolkit are written, whatever comes then. */
bool log_record_is_cut(const char *line, const char *end);

#endif
