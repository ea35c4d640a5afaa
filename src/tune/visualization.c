#include "tune/visualization.h"

#include "util/base64.h"

#include <stdint.h>
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

void visualization_append(struct text *url, const char *base, const double *powers, const double *durations,
                          const double *costs, size_t count) {
    struct text bytes = TEXT_INIT;
    for (size_t i = 0; i < count; i++)
        append_little_endian(&bytes, (uint32_t)(int32_t)powers[i], 2);
    text_append_string(url, base);
    text_append_byte(url, '#');
    base64_encode(text_string(&bytes), bytes.length, url);
    text_append_byte(url, ';');
    append_floats(url, durations, count);
    text_append_byte(url, ';');
    append_floats(url, costs, count);
    text_release(&bytes);
}
