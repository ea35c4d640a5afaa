/* Local functions: folders that pt-local can run. */
#ifndef CONSOLE_LOCAL_FUNCTIONS_H
#define CONSOLE_LOCAL_FUNCTIONS_H

#include "util/span.h"
#include "util/text.h"

/* Appends the absolute path of each function's folder, each followed by a NUL, in alphabetical order. The
 * folders are the `count` in `given`, or, with none, those found up to 4 levels below the working
 * directory. */
void functions_find(char *const *given, size_t count, struct text *folders);

/* Appends the folders as a JSON array of {"folder":S,"name":S}. */
void functions_append(const struct text *folders, struct text *out);

/* True when `folder` is one of them. */
bool functions_has(const struct text *folders, struct span folder);

#endif
