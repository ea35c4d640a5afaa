#include "util/url.h"

#include <string.h>

bool url_may_have_secret(const char *url) {
    return strpbrk(url, "@?#") != NULL;
}

void text_append_url(struct text *text, const char *url) {
    const char *scheme = strstr(url, "://"), *at = strrchr(url, '@');
    const char *rest = at ? at + 1 : url;
    if (at && scheme && scheme < at)
        text_append(text, url, (size_t)(scheme + 3 - url));
    text_append(text, rest, strcspn(rest, "?#"));
}
