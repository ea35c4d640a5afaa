#include "pick/visualization.h"

#include "util/base64.h"
#include "util/memory.h"
#include "util/span.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void append_little_endian(struct text *bytes, uint32_t value, int size) {
    for (int i = 0; i < size; i++)
        text_append_byte(bytes, (char)(value >> (8 * i) & 0xff));
}

static void append_floats(struct text *url, const double *numbers, size_t count) {
    struct text bytes = TEXT_INIT;
    for (size_t i = 0; i < count; i++) {
        float number = (float)numbers[i];
        uint32_t bits;
        memcpy(&bits, &number, sizeof bits);
        append_little_endian(&bytes, bits, 4);
    }
    base64_encode(text_string(&bytes), bytes.length, url);
    text_release(&bytes);
}

static void append_lists(struct text *url, const double *memory_sizes, const double *durations,
                         const double *costs, size_t count) {
    struct text bytes = TEXT_INIT;
    for (size_t i = 0; i < count; i++)
        append_little_endian(&bytes, (uint32_t)(int32_t)memory_sizes[i], 2);
    base64_encode(text_string(&bytes), bytes.length, url);
    text_append_byte(url, ';');
    append_floats(url, durations, count);
    text_append_byte(url, ';');
    append_floats(url, costs, count);
    text_release(&bytes);
}

void visualization_append(struct text *url, const char *base, const double *memory_sizes,
                          const double *durations, const double *costs, size_t count) {
    text_append_string(url, base);
    text_append_byte(url, '#');
    append_lists(url, memory_sizes, durations, costs, count);
}

/* Like encodeURIComponent, but escapes also !, *, ', ( and ). */
static void append_percent_encoded(struct text *url, const struct text *content) {
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    for (size_t i = 0; i < content->length; i++) {
        char byte = content->bytes[i];
        if (byte && strchr(plain, byte))
            text_append_byte(url, byte);
        else
            text_append_format(url, "%%%02X", (unsigned)(unsigned char)byte);
    }
}

void visualization_append_comparison(struct text *url, const char *base, const struct visualization *first,
                                     const struct visualization *second) {
    visualization_append(url, base, first->memory_sizes, first->durations, first->costs, first->count);
    text_append_byte(url, ';');
    append_lists(url, second->memory_sizes, second->durations, second->costs, second->count);
    text_append_byte(url, ';');
    append_percent_encoded(url, &first->legend);
    text_append_byte(url, ';');
    append_percent_encoded(url, &second->legend);
}

/* ---- reading ---- */

enum { LISTS = 3, COMPARISON_PARTS = 8, MAX_PARTS = COMPARISON_PARTS + 1 };

static size_t split(const char *fragment, struct span parts[MAX_PARTS]) {
    size_t count = 0;
    for (const char *at = fragment; count < MAX_PARTS;) {
        size_t length = strcspn(at, ";");
        parts[count++] = (struct span){at, length};
        if (!at[length])
            break;
        at += length + 1;
    }
    /* The last list may end in a semicolon, as in the examples of aws-lambda-power-tuning. */
    while (count > LISTS && count < COMPARISON_PARTS - 2 && !parts[count - 1].length)
        count--;
    return count;
}

static int hex_digit(char byte) {
    static const char digits[] = "0123456789abcdef";
    const char *place = byte ? strchr(digits, byte >= 'A' && byte <= 'F' ? byte + ('a' - 'A') : byte) : NULL;
    return place ? (int)(place - digits) : -1;
}

static void decode_percent(struct span encoded, struct text *out) {
    for (size_t i = 0; i < encoded.length; i++) {
        const char *at = encoded.start + i;
        bool escape = *at == '%' && i + 2 < encoded.length && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0;
        text_append_byte(out, escape ? (char)(hex_digit(at[1]) * 16 + hex_digit(at[2])) : *at);
        i += escape ? 2 : 0;
    }
}

static uint32_t little_endian(const char *bytes, size_t size) {
    uint32_t value = 0;
    for (size_t i = size; i-- > 0;)
        value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static double number_at(const char *bytes, size_t size) {
    uint32_t bits = little_endian(bytes, size);
    float number;
    if (size == 2)
        return bits;
    memcpy(&number, &bits, sizeof number);
    return (double)number;
}

/* Reads one list of numbers of `size` bytes each, within minimum..maximum. */
static bool read_list(struct span encoded, size_t size, double minimum, double maximum, double **numbers,
                      size_t *count) {
    struct text bytes = TEXT_INIT, plain = TEXT_INIT;
    decode_percent(encoded, &plain); /* mail programs may turn = into %3D */
    bool good = base64_decode((struct span){text_string(&plain), plain.length}, &bytes) && bytes.length &&
                bytes.length % size == 0;
    *count = good ? bytes.length / size : 0;
    *numbers = memory_zeroed(*count, sizeof **numbers);
    for (size_t i = 0; i < *count; i++) {
        (*numbers)[i] = number_at(bytes.bytes + i * size, size);
        good = good && (*numbers)[i] >= minimum && (*numbers)[i] <= maximum;
    }
    text_release(&bytes);
    text_release(&plain);
    return good;
}

static bool read_result(const struct span *parts, struct visualization *result, struct text *problem) {
    enum { MAX_EXPONENT = 32767 };
    size_t durations = 0, costs = 0;
    *result = (struct visualization){0};
    if (read_list(parts[0], 2, 1, MAX_EXPONENT, &result->memory_sizes, &result->count) &&
        read_list(parts[1], 4, 0, 1e12, &result->durations, &durations) &&
        read_list(parts[2], 4, 0, 1e12, &result->costs, &costs) && durations == result->count &&
        costs == result->count)
        return true;
    text_append_string(problem,
                       "its fragment does not have lists of sizes, durations and costs of equal length");
    return false;
}

bool visualization_read(const char *url, struct visualization_link *link, struct text *problem) {
    struct span parts[MAX_PARTS];
    const char *fragment = strchr(url, '#');
    size_t count = fragment ? split(fragment + 1, parts) : 0;
    *link = (struct visualization_link){0};
    if (count != LISTS && count != COMPARISON_PARTS) {
        text_append_string(problem,
                           fragment ? "its fragment has neither 3 nor 8 parts" : "it has no fragment");
        return false;
    }
    link->count = count == LISTS ? 1 : 2;
    for (size_t i = 0; i < link->count; i++) {
        if (!read_result(parts + i * (size_t)LISTS, &link->results[i], problem))
            return false;
        if (link->count == 2)
            decode_percent(parts[(size_t)2 * LISTS + i], &link->results[i].legend);
    }
    return true;
}

void visualization_release(struct visualization_link *link) {
    for (size_t i = 0; i < sizeof link->results / sizeof *link->results; i++) {
        free(link->results[i].memory_sizes);
        free(link->results[i].durations);
        free(link->results[i].costs);
        text_release(&link->results[i].legend);
    }
    *link = (struct visualization_link){0};
}
