/* util/utf8, compared with the grammar of RFC 3629, for all code points and all short byte sequences. */
#include "unit/unit.h"
#include "util/utf8.h"

/* Follows RFC 3629's grammar (section 4), not the code. */
static size_t by_the_grammar(const unsigned char *b) {
#define TAIL(byte) ((byte) >= 0x80 && (byte) <= 0xbf)
    if (b[0] <= 0x7f)
        return 1;
    if (b[0] >= 0xc2 && b[0] <= 0xdf)
        return TAIL(b[1]) ? 2 : 0;
    if (b[0] >= 0xe0 && b[0] <= 0xef) {
        unsigned low = b[0] == 0xe0 ? 0xa0 : 0x80, high = b[0] == 0xed ? 0x9f : 0xbf;
        return b[1] >= low && b[1] <= high && TAIL(b[2]) ? 3 : 0;
    }
    if (b[0] >= 0xf0 && b[0] <= 0xf4) {
        unsigned low = b[0] == 0xf0 ? 0x90 : 0x80, high = b[0] == 0xf4 ? 0x8f : 0xbf;
        return b[1] >= low && b[1] <= high && TAIL(b[2]) && TAIL(b[3]) ? 4 : 0;
    }
    return 0;
}

static void check_sequences(void) {
    static const unsigned char tails[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    enum { TAILS = sizeof tails };
    for (unsigned lead = 0; lead < 256; lead++)
        for (size_t i = 0; i < TAILS * TAILS * TAILS; i++) {
            unsigned char bytes[4] = {(unsigned char)lead, tails[i % TAILS], tails[i / TAILS % TAILS],
                                      tails[i / TAILS / TAILS]};
            unsigned long code_point = 77;
            size_t got = utf8_decode((const char *)bytes, 4, &code_point);
            CHECK(got == by_the_grammar(bytes));
            CHECK(got || code_point == 77);
            for (size_t length = 1; got && length < got; length++)
                CHECK(utf8_decode((const char *)bytes, length, &code_point) == 0);
        }
}

static void check_code_points(void) {
    for (unsigned long wanted = 0; wanted <= 0x10ffff; wanted++) {
        char bytes[4];
        unsigned long got = 0;
        size_t length = utf8_encode(wanted, bytes);
        bool surrogate = wanted >= 0xd800 && wanted <= 0xdfff;
        size_t used = utf8_decode(bytes, length, &got);
        CHECK(surrogate ? used == 0 : used == length && got == wanted);
    }
}

int main(void) {
    TEST("every code point except surrogates is encoded and decoded") {
        check_code_points();
    }
    TEST("every sequence is accepted or refused as the grammar says, and truncated ones are refused") {
        check_sequences();
    }
    TEST("the valid length ends at the first error, wherever it is") {
        char text[100];
        memset(text, 'a', sizeof text);
        CHECK(utf8_valid_length(text, sizeof text) == sizeof text);
        for (size_t i = 0; i < sizeof text; i++) {
            text[i] = (char)0x80;
            CHECK(utf8_valid_length(text, sizeof text) == i);
            text[i] = 'a';
        }
        memcpy(text + 97, "\xe2\x82\xac", 3);
        CHECK(utf8_valid_length(text, 100) == 100);
        CHECK(utf8_valid_length(text, 99) == 97);
    }
    TEST("no bytes are valid UTF-8, but not a sequence") {
        unsigned long code_point = 5;
        CHECK(utf8_decode("", 0, &code_point) == 0 && code_point == 5);
        CHECK(utf8_valid_length("", 0) == 0);
    }
    return unit_end();
}
