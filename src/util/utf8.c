#include "util/utf8.h"

#include <stdint.h>
#include <string.h>

size_t utf8_decode(const char *bytes, size_t length, unsigned long *code_point) {
    static const unsigned long smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (!length)
        return 0;
    unsigned char lead = (unsigned char)bytes[0];
    if (lead < 0x80) {
        *code_point = lead;
        return 1;
    }
    size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || length < size)
        return 0;
    unsigned long value = lead & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if ((byte & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (byte & 0x3f);
    }
    if (value < smallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *code_point = value;
    return size;
}

/* C0 and C1 controls and DEL drive terminals; U+202A..U+202E and U+2066..U+2069 reorder what is shown. */
static bool acts_on_terminals(unsigned long code_point) {
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0) ||
           (code_point >= 0x202a && code_point <= 0x202e) || (code_point >= 0x2066 && code_point <= 0x2069);
}

size_t utf8_printable(const char *bytes, size_t length) {
    unsigned long code_point = 0;
    size_t used = utf8_decode(bytes, length, &code_point);
    return used && !acts_on_terminals(code_point) ? used : 0;
}

size_t utf8_encode(unsigned long code_point, char *bytes) {
    if (code_point < 0x80) {
        bytes[0] = (char)code_point;
        return 1;
    }
    size_t size = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    bytes[0] = (char)(lead[size] | code_point);
    return size;
}

size_t utf8_valid_length(const char *bytes, size_t length) {
    size_t position = 0;
    while (position < length) {
        uint64_t eight;
        if (length - position >= sizeof eight) {
            memcpy(&eight, bytes + position, sizeof eight);
            if (!(eight & UINT64_C(0x8080808080808080))) {
                position += sizeof eight;
                continue;
            }
        }
        unsigned long code_point;
        size_t used = utf8_decode(bytes + position, length - position, &code_point);
        if (!used)
            return position;
        position += used;
    }
    return length;
}

bool utf8_is_utf16(const char *bytes, size_t length) {
    return length >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
}
