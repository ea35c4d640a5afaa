/* What a page, a chat or a terminal puts around the words of a message, where the platform has nothing or a
 * blank: no-break spaces (also as entities of HTML), tags of HTML, and the stars and backquotes of Markdown. */
#ifndef TUNE_DECORATION_H
#define TUNE_DECORATION_H

/* Steps over the decorations at `at`; returns `at` when there is none. A blank or line end is not one. */
const char *decoration_skip(const char *at, const char *end);

#endif
