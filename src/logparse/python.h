/* Values in the notation of Python, as print and pprint write the answer of an API: strings in either quotes, in
 * parts, or of bytes; None, True and False; calls such as datetime.datetime(...). */
#ifndef LOGPARSE_PYTHON_H
#define LOGPARSE_PYTHON_H

#include "util/text.h"

#include <stdbool.h>

/* True when the line at `at` begins like a dictionary, or a list of these, that is not JSON. */
bool log_python_begins(const char *at, const char *end);

/* Appends the value at `at` to `json` as JSON and returns its end. A call becomes null. NULL when the value is
 * not complete before `end`, or is something else; `json` is then unspecified. */
const char *log_python_to_json(const char *at, const char *end, struct text *json);

#endif
