/* Text of others in Markdown that goes into a comment. */
#ifndef UTIL_MARKDOWN_H
#define UTIL_MARKDOWN_H

#include "util/text.h"

/* Appends `words` for a cell of a table, so that they stay words. Where GitHub or GitLab could take them for
 * anything else (HTML, a link or URL, an image, emphasis, a mention, a reference to an issue or a commit, an
 * emoji) they become a code span: a backslash does not keep a mention from being one. `words` has no line
 * breaks. */
void text_append_markdown(struct text *text, const char *words);

#endif
