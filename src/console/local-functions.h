/* The local functions: folders that pt-local can run. */
#ifndef CONSOLE_LOCAL_FUNCTIONS_H
#define CONSOLE_LOCAL_FUNCTIONS_H

#include "util/span.h"
#include "util/text.h"

/* Appends the path of each function's folder, with a NUL behind it, in alphabetical order: `given`, and
 * without any what is found under the working directory, a few levels deep. Paths are absolute. */
void functions_find(char *const *given, size_t count, struct text *folders);

/* Appends them as an array of {"folder":S,"name":S}. */
void functions_append(const struct text *folders, struct text *out);

/* Whether `folder` is one of them. */
bool functions_has(const struct text *folders, struct span folder);

#endif
