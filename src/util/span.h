/* A run of bytes in memory that somebody else owns. `start` NULL means "absent"; an empty span has a start
 * and length 0. A span is valid as long as the buffer that it points into. */
#ifndef UTIL_SPAN_H
#define UTIL_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
    const char *start;
    size_t length;
};

static inline struct span span_of(const char *string) {
    return (struct span){string, string ? strlen(string) : 0};
}

static inline bool span_equals(struct span span, const char *string) {
    size_t length = strlen(string);
    return span.start && span.length == length && memcmp(span.start, string, length) == 0;
}

static inline bool span_same(struct span a, struct span b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.start, b.start, a.length) == 0);
}

#endif
