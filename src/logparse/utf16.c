#include "logparse/utf16.h"

#include "util/utf8.h"

enum { MAX_UTF8 = 4, REPLACEMENT = 0xfffd };

bool log_utf16_begins(const char *bytes, size_t length) {
    return length >= LOG_UTF16_MARK &&
           ((bytes[0] == '\xff' && bytes[1] == '\xfe') || (bytes[0] == '\xfe' && bytes[1] == '\xff'));
}

static unsigned long unit_at(const char *bytes, bool big) {
    unsigned char first = (unsigned char)bytes[0], second = (unsigned char)bytes[1];
    return big ? (unsigned long)first << 8 | second : (unsigned long)second << 8 | first;
}

size_t log_utf16_decode(const char *bytes, size_t length, bool big, char *out, size_t room, size_t *made) {
    size_t done = 0;
    *made = 0;
    while (length - done >= 2 && room - *made >= MAX_UTF8) {
        unsigned long code_point = unit_at(bytes + done, big);
        size_t taken = 2;
        if (code_point >= 0xd800 && code_point < 0xdc00) {
            if (length - done < 4)
                break;
            unsigned long low = unit_at(bytes + done + 2, big);
            bool pair = low >= 0xdc00 && low < 0xe000;
            code_point = pair ? 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00) : REPLACEMENT;
            taken = pair ? 4 : 2;
        } else if (code_point >= 0xdc00 && code_point < 0xe000) {
            code_point = REPLACEMENT;
        }
        *made += utf8_encode(code_point, out + *made);
        done += taken;
    }
    return done;
}
