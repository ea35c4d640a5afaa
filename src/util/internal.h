/* Shared by the JSON checker and the JSON walker; not for other files. */
#ifndef UTIL_INTERNAL_H
#define UTIL_INTERNAL_H

#include <stdbool.h>

static inline const char *json_skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
        at++;
    return at;
}

static inline bool json_is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static inline int json_hex_value(char byte) {
    if (json_is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return -1;
}

#endif
