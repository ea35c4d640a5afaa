/* aws/arn: names of functions in the forms that Lambda accepts, and other text. */
#include "aws/arn.h"
#include "unit/unit.h"

struct accepted {
    const char *text, *partition, *region, *account, *name, *qualifier, *identifier;
};

static void check_accepted(const struct accepted *wanted) {
    struct function_name name;
    struct text problem = TEXT_INIT, identifier = TEXT_INIT;
    CHECK(function_name_parse(span_of(wanted->text), &name, &problem));
    if (!problem.length) {
        CHECK_TEXT(name.partition, wanted->partition);
        CHECK_TEXT(name.region, wanted->region);
        CHECK_TEXT(name.account, wanted->account);
        CHECK_TEXT(name.name, wanted->name);
        CHECK_TEXT(name.qualifier, wanted->qualifier);
        function_name_identifier(&name, &identifier);
        CHECK_TEXT(identifier.bytes, wanted->identifier);
        function_name_release(&name);
    }
    text_release(&problem);
    text_release(&identifier);
}

static void check_refused(const char *text, const char *wanted) {
    struct function_name name;
    struct text problem = TEXT_INIT;
    CHECK(!function_name_parse(span_of(text), &name, &problem));
    CHECK_TEXT(text_string(&problem), wanted);
    text_release(&problem);
}

int main(void) {
    TEST("full ARNs of every partition are parsed, with and without a qualifier") {
        static const struct accepted cases[] = {
            {"arn:aws:lambda:eu-west-1:123456789012:function:resize", "aws", "eu-west-1", "123456789012",
             "resize", "", "arn:aws:lambda:eu-west-1:123456789012:function:resize"},
            {"arn:aws:lambda:eu-west-1:123456789012:function:resize:prod", "aws", "eu-west-1", "123456789012",
             "resize", "prod", "arn:aws:lambda:eu-west-1:123456789012:function:resize"},
            {"arn:aws-cn:lambda:cn-north-1:123456789012:function:f:$LATEST", "aws-cn", "cn-north-1",
             "123456789012", "f", "$LATEST", "arn:aws-cn:lambda:cn-north-1:123456789012:function:f"},
            {"arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:12", "aws-us-gov", "us-gov-west-1",
             "123456789012", "f", "12", "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f"},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            check_accepted(&cases[i]);
    }
    TEST("partial ARNs and names are parsed") {
        static const struct accepted cases[] = {
            {"123456789012:function:f", "", "", "123456789012", "f", "", "123456789012:function:f"},
            {"123456789012:function:f:7", "", "", "123456789012", "f", "7", "123456789012:function:f"},
            {"us-east-1:123456789012:function:f", "", "us-east-1", "123456789012", "f", "",
             "123456789012:function:f"},
            {"my-Function_1", "", "", "", "my-Function_1", "", "my-Function_1"},
            {"f:prod", "", "", "", "f", "prod", "f"},
        };
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
            check_accepted(&cases[i]);
    }
    TEST("text that does not name a function is refused with the reason") {
        check_refused("", "'' is not the name or the ARN of a Lambda function");
        check_refused("a b", "'a b' has no valid function name");
        check_refused("arn:aws:s3:::bucket", "'arn:aws:s3:::bucket' is not the ARN of a Lambda function");
        check_refused(
            "arn:aws:sqs:us-east-1:123456789012:function:f",
            "'arn:aws:sqs:us-east-1:123456789012:function:f' is the ARN of a service other than Lambda");
        check_refused("arn:aws:lambda:us-east-1:12345:function:f",
                      "'arn:aws:lambda:us-east-1:12345:function:f' has no account of 12 digits");
        check_refused("arn:aws:lambda:us-east-1:123456789012:layer:f",
                      "'arn:aws:lambda:us-east-1:123456789012:layer:f' is not the ARN of a function");
        check_refused("f:", "'f:' has no valid version or alias at its end");
        check_refused("f:a:b", "'f:a:b' is not the name or the ARN of a Lambda function");
        check_refused("../f", "'../f' has no valid function name");
    }
    TEST("only numbers of published versions are version numbers") {
        CHECK(is_version_number("1"));
        CHECK(is_version_number("1234567890"));
        CHECK(!is_version_number(""));
        CHECK(!is_version_number("0"));
        CHECK(!is_version_number("01"));
        CHECK(!is_version_number("$LATEST"));
        CHECK(!is_version_number("1a"));
        CHECK(!is_version_number("-1"));
    }
    return unit_end();
}
