/* Values in the notation of Python, as print and pprint write the answer of an API: strings in either quotes, in
 * parts, or of bytes; None, True and False; calls such as datetime.datetime(...). */
#ifndef LOGPARSE_PYTHON_H
#define LOGPARSE_PYTHON_H

#include "util/text.h"

#include <stdbool.h>

/* True when the line at `at` begins like a dictionary, or a list of these, that is not JSON. */
bool log_python_begins(const char *at, const char *end);

enum log_python { PYTHON_WHOLE, PYTHON_OPEN, PYTHON_NONE };

/* Appends the value at `at` to `json` as JSON, and sets `*stop` to its end. A call becomes null. PYTHON_OPEN when
 * the value may continue after `end`, PYTHON_NONE when it is something else, such as a string with a line break:
 * `json` is then unspecified, and `*stop` unchanged. */
enum log_python log_python_to_json(const char *at, const char *end, struct text *json, const char **stop);

#endif
