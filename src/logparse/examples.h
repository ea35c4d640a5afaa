/* The forms of logs that are read, each with an example, for pt-logparse --forms and its manual page. */
#ifndef LOGPARSE_EXAMPLES_H
#define LOGPARSE_EXAMPLES_H

#include "util/text.h"

/* Appends the forms to `text`: a line that says what the form is, and the lines of an example, indented by four
 * blanks. In an example, REPORT is a report, NAME one of the names in the line before, and escapes are those of
 * %b of printf(1). */
void log_examples_append(struct text *text);

#endif
