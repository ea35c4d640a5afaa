#include "util/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const void *bytes, size_t length, struct text *out) {
    const unsigned char *at = bytes;
    for (; length >= 3; at += 3, length -= 3) {
        uint32_t group = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];
        char digits[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63], alphabet[group >> 6 & 63],
                          alphabet[group & 63]};
        text_append(out, digits, 4);
    }
    if (length) {
        uint32_t group = (uint32_t)at[0] << 16 | (length == 2 ? (uint32_t)at[1] << 8 : 0);
        char digits[4] = {alphabet[group >> 18], alphabet[group >> 12 & 63],
                          length == 2 ? alphabet[group >> 6 & 63] : '=', '='};
        text_append(out, digits, 4);
    }
}

static int digit_value(char byte) {
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

bool base64_decode(struct span encoded, struct text *out) {
    size_t length = encoded.length;
    if (length % 4)
        return false;
    while (length && encoded.length - length < 2 && encoded.start[length - 1] == '=')
        length--;
    unsigned char *write = (unsigned char *)text_extend(out, length / 4 * 3 + 3);
    size_t written = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < length; i++) {
        int value = digit_value(encoded.start[i]);
        if (value < 0) {
            text_extended(out, 0);
            return false;
        }
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 == 1)
            write[written++] = (unsigned char)(bits >> 4);
        else if (i % 4 == 2)
            write[written++] = (unsigned char)(bits >> 2);
        else if (i % 4 == 3)
            write[written++] = (unsigned char)bits;
    }
    text_extended(out, written);
    return true;
}
