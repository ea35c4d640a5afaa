#include "tune/duration.h"

#include "util/json.h"

#include <math.h>

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool parse_slow(struct span token, int64_t *time) {
    if (json_type(token) != JSON_NUMBER || (!is_digit(token.start[0]) && token.start[0] != '-'))
        return false;
    double number = json_number(token);
    if (!(number >= 0 && number <= MAX_DURATION_MS))
        return false;
    *time = (int64_t)llround(number * (double)DURATION_MS);
    return true;
}

/* The common form (at most nine digits on either side of the point) is parsed without floating point: a
 * fraction of nine digits has 10000 steps to a unit. */
bool duration_parse(struct span token, int64_t *time) {
    static const int32_t scale[] = {1000000000, 100000000, 10000000, 1000000, 100000,
                                    10000,      1000,      100,      10,      1};
    if (!token.start)
        return false;
    const char *at = token.start, *end = token.start + token.length;
    int64_t whole = 0, fraction = 0;
    const char *first = at;
    while (at < end && is_digit(*at) && at - first < 10)
        whole = whole * 10 + (*at++ - '0');
    if (at == first || at - first > 9)
        return parse_slow(token, time);
    long decimals = 0;
    if (at < end && *at == '.') {
        first = ++at;
        while (at < end && is_digit(*at) && at - first < 10)
            fraction = fraction * 10 + (*at++ - '0');
        decimals = at - first;
        if (!decimals || decimals > 9)
            return parse_slow(token, time);
    }
    if (at != end)
        return parse_slow(token, time);
    *time = whole * DURATION_MS + (fraction * scale[decimals] + 5000) / 10000;
    return true;
}

double duration_ms(int64_t time) {
    return (double)((long double)time / (long double)DURATION_MS);
}

int64_t duration_ceil_ms(int64_t time) {
    return time / DURATION_MS + (time % DURATION_MS > 0);
}
