#include "tune/decoration.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { MAX_TAG = 256 };

/* True for the name of a tag that stands around text. Others may be the level of a logger. */
static bool is_tag(const char *name, size_t length) {
    static const char *const tags[] = {"a",     "b",  "br", "code",  "div",   "em",   "font",   "i",
                                       "li",    "ol", "p",  "pre",   "small", "span", "strong", "table",
                                       "tbody", "td", "th", "thead", "tr",    "tt",   "u",      "ul"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strlen(tags[i]) == length && strncasecmp(tags[i], name, length) == 0)
            return true;
    return false;
}

/* An opening or closing tag; its attributes do not matter. */
static const char *skip_tag(const char *at, const char *end) {
    const char *name = at + 1;
    size_t room = (size_t)(end - at) < MAX_TAG ? (size_t)(end - at) : MAX_TAG;
    const char *close = memchr(at, '>', room);
    if (!close || memchr(name, '<', (size_t)(close - name)))
        return at;
    name += *name == '/';
    return is_tag(name, strcspn(name, " />")) ? close + 1 : at;
}

static const char *skip_literal(const char *at, const char *end) {
    static const char *const literals[] = {"\xc2\xa0", "\xe2\x80\xaf", "&nbsp;", "&#160;", "&#xa0;", "&#xA0;",
                                           "&emsp;",   "&ensp;",       "&Tab;",  "&#9;",   "&#09;",  "&#x9;"};
    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        size_t length = strlen(literals[i]);
        if ((size_t)(end - at) >= length && memcmp(at, literals[i], length) == 0)
            return at + length;
    }
    return at;
}

const char *decoration_skip(const char *at, const char *end) {
    for (const char *start = NULL; at < end && at != start;) {
        start = at;
        if (*at == '*' || *at == '`')
            at++;
        else if (*at == '<')
            at = skip_tag(at, end);
        else if (*at == '\xc2' || *at == '\xe2' || *at == '&')
            at = skip_literal(at, end);
    }
    return at;
}
