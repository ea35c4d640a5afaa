/* Untrusted text in the Markdown of a comment. */
#ifndef UTIL_MARKDOWN_H
#define UTIL_MARKDOWN_H

#include "util/text.h"

/* Appends `words` as a cell of a Markdown table. Text that GitHub or GitLab could take for markup (HTML, a
 * link or URL, an image, emphasis, a mention, a reference to an issue or a commit, an emoji) becomes a code
 * span, because a backslash does not stop a mention. `words` must not have line breaks. */
void text_append_markdown(struct text *text, const char *words);

#endif
