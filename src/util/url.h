/* URLs that people configure: what of them may be shown. */
#ifndef UTIL_URL_H
#define UTIL_URL_H

#include "util/text.h"

#include <stdbool.h>

/* True when `url` has a place for a secret: a user name and password, or a query ('@', '?', '#'). */
bool url_may_have_secret(const char *url);

/* Appends `url` for a message: without what stands in front of its last '@', and without its query. */
void text_append_url(struct text *text, const char *url);

#endif
