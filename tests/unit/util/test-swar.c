/* util/swar.h, compared with loops over single bytes. */
#include "unit/unit.h"
#include "util/swar.h"

#include <stdio.h>
#include <stdlib.h>

static void check_digits(void) {
    for (unsigned at = 0; at < 8; at++)
        for (int byte = 0; byte < 256; byte++) {
            char bytes[9] = "12345678";
            bytes[at] = (char)byte;
            CHECK(swar_digits(bytes) == (byte >= '0' && byte <= '9' ? 8 : at));
        }
}

static void check_values(void) {
    for (long value = 0; value < 100000000; value = value * 3 + 1)
        for (const char *rest = "9. \xff"; *rest; rest++) {
            char bytes[32];
            int length = snprintf(bytes, sizeof bytes, "%ld", value);
            memset(bytes + length, *rest, 8);
            CHECK(swar_value(bytes, (unsigned)length) == value);
        }
    CHECK(swar_value("00000000", 8) == 0);
    CHECK(swar_value("99999999", 8) == 99999999);
    CHECK(swar_value("01234567", 8) == 1234567);
}

static void check_texts(void) {
    static const char text[] = "abcdefghijklmnopqrstuvwxyz";
    for (size_t length = 1; length < sizeof text; length++)
        for (size_t at = 0; at < length; at++) {
            char other[sizeof text];
            memcpy(other, text, sizeof text);
            CHECK(swar_same(other, text, length));
            other[at] = '!';
            CHECK(!swar_same(other, text, length));
        }
    const char *at = text;
    CHECK(STEP_OVER(&at, text + 9, "abcdefgh") && at == text + 8);
    CHECK(!STEP_OVER(&at, text + 9, "ij") && at == text + 8);
}

int main(void) {
    TEST("digits are counted up to the first other byte") {
        check_digits();
    }
    TEST("digits have the right value, whatever follows them") {
        check_values();
    }
    TEST("a text is stepped over when all its bytes match") {
        check_texts();
    }
    return unit_end();
}
