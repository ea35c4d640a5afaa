#include "serve/query.h"
#include "unit/unit.h"

static void test_encoding(void) {
    struct text out = TEXT_INIT;
    TEST("percent-encoding is decoded") {
        CHECK(percent_decode(span_of("a%3Ab%24c"), &out));
        CHECK_TEXT(text_string(&out), "a:b$c");
    }
    TEST("an invalid escape and an escaped NUL are refused") {
        text_clear(&out);
        CHECK(!percent_decode(span_of("%4"), &out));
        CHECK(!percent_decode(span_of("%g0"), &out));
        CHECK(!percent_decode(span_of("%00"), &out));
        CHECK(out.length == 0);
        CHECK(!percent_is_valid(span_of("a%2")) && !percent_is_valid(span_of("%")) &&
              !percent_is_valid(span_of("a?b=%00c")));
        CHECK(percent_is_valid(span_of("/a?b=%01%fF")) && percent_is_valid((struct span){NULL, 0}));
    }
    TEST("a parameter is found by its whole name, with or without a value") {
        text_clear(&out);
        CHECK(query_parameter(span_of("MaxItemsX=1&MaxItems=2%30&Marker"), "MaxItems", &out));
        CHECK_TEXT(text_string(&out), "20");
        text_clear(&out);
        CHECK(query_parameter(span_of("MaxItems=2&Marker"), "Marker", &out));
        CHECK_TEXT(text_string(&out), "");
        CHECK(!query_parameter(span_of("MaxItems=2"), "Max", &out));
        CHECK(!query_parameter((struct span){NULL, 0}, "Max", &out));
    }
    TEST("unknown and repeated parameters are detected") {
        static const char *const names[] = {"a", "bc"};
        CHECK(query_has_only(span_of("a=1&bc"), names, 2) && query_has_only(span_of(""), names, 2) &&
              query_has_only((struct span){NULL, 0}, names, 2));
        static const char *const others[] = {"b=1", "a=1&a=2", "%61=1", "A=1", "a=1&&bc=2", "=", "abc=1"};
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            CHECK(!query_has_only(span_of(others[i]), names, 2));
    }
    text_release(&out);
}

int main(void) {
    test_encoding();
    return unit_end();
}
