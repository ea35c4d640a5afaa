/* The form of what comes before a message in its line, when no tool is known that writes it.
 *
 * Two prefixes have the same form if they are the same after each sequence of letters and digits became one
 * "w", and each sequence of blanks one blank: "Jun 5th 05:53:39pm INFO " is "w w w:w:w w ". Lengths of words
 * and numbers do not count, and neither does a letter in an id of hexadecimal digits. What prefix.h knows is
 * not part of the form. */
#ifndef LOGPARSE_FORM_H
#define LOGPARSE_FORM_H

#include "util/span.h"

#include <stdbool.h>
#include <stdint.h>

/* A longer form is cut; the rest of the line is then ignored. */
enum { LOG_FORM_LENGTH = 64 };

struct log_form {
    unsigned char length;
    char text[LOG_FORM_LENGTH];
};

/* The form of a prefix. */
struct log_form log_form_of(struct span prefix);

/* True when a line, which has the form `line`, begins with a prefix of the form. */
bool log_form_begins(const struct log_form *form, const struct log_form *line);

bool log_form_same(const struct log_form *a, const struct log_form *b);

/* True when a prefix of the form `longer` begins with one of the form `form`, and goes on. */
bool log_form_extends(const struct log_form *longer, const struct log_form *form);

#endif
