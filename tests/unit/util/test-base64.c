/* util/base64: the examples of RFC 4648, and invalid input. */
#include "unit/unit.h"
#include "util/base64.h"

static void check_pair(const char *plain, const char *encoded) {
    struct text out = TEXT_INIT;
    base64_encode(plain, strlen(plain), &out);
    CHECK_TEXT(text_string(&out), encoded);
    text_clear(&out);
    CHECK(base64_decode(span_of(encoded), &out));
    CHECK_TEXT(text_string(&out), plain);
    text_release(&out);
}

static void check_refused(const char *encoded) {
    struct text out = TEXT_INIT;
    text_append_string(&out, "before");
    if (base64_decode(span_of(encoded), &out))
        unit_fail(__FILE__, __LINE__, encoded);
    CHECK_TEXT(text_string(&out), "before");
    text_release(&out);
}

int main(void) {
    TEST("the examples of RFC 4648 are encoded and decoded") {
        static const char *const pairs[][2] = {{"", ""},
                                               {"f", "Zg=="},
                                               {"fo", "Zm8="},
                                               {"foo", "Zm9v"},
                                               {"foob", "Zm9vYg=="},
                                               {"fooba", "Zm9vYmE="},
                                               {"foobar", "Zm9vYmFy"}};
        for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
            check_pair(pairs[i][0], pairs[i][1]);
    }
    TEST("all byte values are encoded and decoded, at every length up to 256") {
        unsigned char bytes[256];
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (unsigned char)(i * 7 + 1);
        for (size_t length = 0; length <= sizeof bytes; length++) {
            struct text encoded = TEXT_INIT, decoded = TEXT_INIT;
            base64_encode(bytes, length, &encoded);
            CHECK(encoded.length == (length + 2) / 3 * 4);
            CHECK(base64_decode((struct span){text_string(&encoded), encoded.length}, &decoded));
            CHECK(decoded.length == length && memcmp(text_string(&decoded), bytes, length) == 0);
            text_release(&encoded);
            text_release(&decoded);
        }
    }
    TEST("the alphabet ends in + and /, not in the characters for URLs") {
        check_pair("\xfb\xff\xbf", "+/+/");
        check_refused("-_-_");
    }
    TEST("invalid base64 is refused, and the text is unchanged") {
        static const char *const bad[] = {"A",    "AB",       "ABC",  "A===",     "====",   "AB=C",
                                          "=ABC", "Zm9v!g==", "Zm 9", "Zg==Zg==", "Zm9v\n", "Zm9\xc3"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            check_refused(bad[i]);
    }
    TEST("a NUL is not a base64 digit") {
        struct text out = TEXT_INIT;
        CHECK(!base64_decode((struct span){"AA\0A", 4}, &out));
        text_release(&out);
    }
    return unit_end();
}
