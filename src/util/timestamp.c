#include "util/timestamp.h"

bool timestamp_is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

bool timestamp_digits(const char **at, const char *end, int digits, int *number) {
    if (end - *at < digits)
        return false;
    *number = 0;
    for (int i = 0; i < digits; i++) {
        if (!timestamp_is_digit((*at)[i]))
            return false;
        *number = *number * 10 + ((*at)[i] - '0');
    }
    *at += digits;
    return true;
}

bool timestamp_byte(const char **at, const char *end, char byte) {
    if (*at >= end || **at != byte)
        return false;
    (*at)++;
    return true;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"). */
static int64_t days_of(int year, int month, int day) {
    year -= month <= 2;
    int era = year / 400, of_era = year - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return (int64_t)era * 146097 + of_era * INT64_C(365) + of_era / 4 - of_era / 100 + of_year - 719468;
}

const char *timestamp_time_of_day(const char *at, const char *end, int64_t *milliseconds) {
    int hour, minute, second;
    if (!timestamp_digits(&at, end, 2, &hour) || !timestamp_byte(&at, end, ':') ||
        !timestamp_digits(&at, end, 2, &minute) || !timestamp_byte(&at, end, ':') ||
        !timestamp_digits(&at, end, 2, &second))
        return NULL;
    *milliseconds = ((hour * 60 + minute) * 60 + second) * INT64_C(1000);
    if (end - at < 2 || (*at != '.' && *at != ',') || !timestamp_is_digit(at[1]))
        return at;
    int64_t scale = 100;
    for (at++; at < end && timestamp_is_digit(*at); at++, scale /= 10)
        *milliseconds += (*at - '0') * scale;
    return at;
}

/* Steps over a time zone (Z, +01:00, +0100, " (+01:00)") and subtracts its offset, in milliseconds. */
static const char *skip_zone(const char *at, const char *end, int64_t *timestamp) {
    int hours, minutes;
    if (at < end && *at == 'Z')
        return at + 1;
    const char *sign = end - at > 2 && at[0] == ' ' && at[1] == '(' ? at + 2 : at;
    if (sign >= end || (*sign != '+' && *sign != '-'))
        return at;
    const char *after = sign + 1;
    if (!timestamp_digits(&after, end, 2, &hours))
        return at;
    const char *rest = after;
    timestamp_byte(&rest, end, ':');
    if (!timestamp_digits(&rest, end, 2, &minutes)) {
        minutes = 0;
        rest = after;
    }
    if (sign > at && !timestamp_byte(&rest, end, ')'))
        return at;
    *timestamp -= (*sign == '-' ? -1 : 1) * (hours * INT64_C(60) + minutes) * 60000;
    return rest;
}

const char *timestamp_parse(const char *at, const char *end, int64_t *timestamp) {
    int year, month, day;
    int64_t milliseconds;
    if (!timestamp_digits(&at, end, 4, &year) || at >= end || (*at != '-' && *at != '/'))
        return NULL;
    char separator = *at++;
    if (!timestamp_digits(&at, end, 2, &month) || !timestamp_byte(&at, end, separator) ||
        !timestamp_digits(&at, end, 2, &day) || at >= end || (*at != 'T' && *at != ' ') || month < 1 ||
        month > 12 || year < 1970)
        return NULL;
    at = timestamp_time_of_day(at + 1, end, &milliseconds);
    if (!at)
        return NULL;
    int64_t when = days_of(year, month, day) * INT64_C(86400000) + milliseconds;
    at = skip_zone(at, end, &when);
    *timestamp = when;
    return at;
}

bool timestamp_format(time_t when, const char *format, char *out, size_t size) {
    struct tm utc;
    bool formatted = gmtime_r(&when, &utc) && strftime(out, size, format, &utc) > 0;
    if (!formatted)
        *out = '\0';
    return formatted;
}

const char *timestamp_read(const char *text, time_t *when) {
    struct tm utc = {0};
    const char *end = strptime(text, TIMESTAMP_COMPACT, &utc);
    if (end)
        *when = timegm(&utc);
    return end;
}
