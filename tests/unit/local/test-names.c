#include "local/store/names.h"
#include "unit/unit.h"

static bool parse(const char *text, struct function_reference *reference) {
    return function_reference_parse(span_of(text), reference);
}

static void test_references(void) {
    struct function_reference reference;
    TEST("a name, a qualified name, a partial ARN and an ARN are accepted") {
        CHECK(parse("my-function_1", &reference));
        CHECK_TEXT(reference.name, "my-function_1");
        CHECK_TEXT(reference.qualifier, "");
        CHECK_TEXT(reference.region, "");
        CHECK(parse("f:$LATEST", &reference));
        CHECK_TEXT(reference.qualifier, "$LATEST");
        CHECK(parse("123456789012:function:f:7", &reference));
        CHECK_TEXT(reference.account, "123456789012");
        CHECK_TEXT(reference.qualifier, "7");
        CHECK(parse("arn:aws-cn:lambda:cn-north-1:123456789012:function:f:live", &reference));
        CHECK_TEXT(reference.region, "cn-north-1");
        CHECK_TEXT(reference.name, "f");
        CHECK_TEXT(reference.qualifier, "live");
    }
    TEST("other texts are refused") {
        static const char *const bad[] = {
            "",
            ":",
            "a b",
            "f:",
            "f:1:2",
            "f:$OTHER",
            "12345678901:function:f",
            "arn:aws:lambda:us-east-1:123456789012:layer:f",
            "arn:aws:s3:us-east-1:123456789012:function:f",
            "arn:aws:lambda:us-east-1:123456789012:function:f:1:2",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            CHECK(!parse(bad[i], &reference));
    }
}

int main(void) {
    test_references();
    return unit_end();
}
