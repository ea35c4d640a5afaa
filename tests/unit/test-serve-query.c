#include "serve/query.h"
#include "unit/unit.h"

static void test_encoding(void) {
    struct text out = TEXT_INIT;
    TEST("percent-encoding is taken off") {
        CHECK(percent_decode(span_of("a%3Ab%24c"), &out));
        CHECK_TEXT(text_string(&out), "a:b$c");
    }
    TEST("a broken escape and a NUL are refused") {
        text_clear(&out);
        CHECK(!percent_decode(span_of("%4"), &out));
        CHECK(!percent_decode(span_of("%g0"), &out));
        CHECK(!percent_decode(span_of("%00"), &out));
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
    text_release(&out);
}

int main(void) {
    test_encoding();
    return unit_end();
}
