/* URLs from a user's configuration, in messages. */
#ifndef UTIL_URL_H
#define UTIL_URL_H

#include "util/text.h"

#include <stdbool.h>

/* True when `url` has a part that may hold a secret: a user name and password, or a query ('@', '?', '#'). */
bool url_may_have_secret(const char *url);

/* Appends `url` for a message, without the user name and password (everything before the last '@') and
 * without its query. */
void text_append_url(struct text *text, const char *url);

#endif
