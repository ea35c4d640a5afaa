/* aws/endpoint: names of endpoints, and what overrides them. */
#include "aws/endpoint.h"
#include "unit/unit.h"

static void check_url(const struct aws_settings *settings, const char *service, const char *region,
                      const char *wanted, bool wanted_custom) {
    struct text url = TEXT_INIT, problem = TEXT_INIT;
    bool custom = !wanted_custom;
    CHECK(endpoint_url(settings, service, region, &url, &custom, &problem));
    CHECK_TEXT(text_string(&url), wanted);
    CHECK(custom == wanted_custom);
    text_release(&url);
    text_release(&problem);
}

static void check_problem(const struct aws_settings *settings, const char *service, const char *region,
                          const char *wanted) {
    struct text url = TEXT_INIT, problem = TEXT_INIT;
    CHECK(!endpoint_url(settings, service, region, &url, NULL, &problem));
    CHECK_TEXT(text_string(&problem), wanted);
    CHECK_TEXT(text_string(&url), "");
    text_release(&url);
    text_release(&problem);
}

static void check_sts(const struct aws_settings *settings, const char *region, const char *wanted,
                      const char *wanted_region) {
    struct text url = TEXT_INIT, problem = TEXT_INIT;
    const char *signing_region = NULL;
    CHECK(endpoint_url_of_sts(settings, region, &url, &signing_region, &problem));
    CHECK_TEXT(text_string(&url), wanted);
    CHECK_TEXT(signing_region, wanted_region);
    text_release(&url);
    text_release(&problem);
}

static void check_partitions(void) {
    static const char *const suffixes[][2] = {
        {"eu-west-1", "amazonaws.com"},        {"cn-north-1", "amazonaws.com.cn"},
        {"aws-cn-global", "amazonaws.com.cn"}, {"us-gov-east-1", "amazonaws.com"},
        {"us-iso-east-1", "c2s.ic.gov"},       {"us-isob-east-1", "sc2s.sgov.gov"},
        {"eu-isoe-west-1", "cloud.adc-e.uk"},  {"us-isof-east-1", "csp.hci.ic.gov"},
        {"eusc-de-east-1", "amazonaws.eu"},    {"mars-1", "amazonaws.com"}};
    struct aws_settings settings = {0};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char wanted[100];
        snprintf(wanted, sizeof wanted, "https://lambda.%s.%s", suffixes[i][0], suffixes[i][1]);
        check_url(&settings, "lambda", suffixes[i][0], wanted, false);
    }
}

static void check_custom(void) {
    struct aws_settings settings = {.endpoint_urls = {"http://one/", "https://two:99/path/", NULL}};
    check_url(&settings, "lambda", "eu-west-1", "http://one", true);
    check_url(&settings, "s3", "eu-west-1", "https://two:99/path", true);
    check_url(&settings, "sts", "eu-west-1", "https://sts.eu-west-1.amazonaws.com", false);
    settings.endpoint_url = (char[]){"HTTP://all"};
    check_url(&settings, "lambda", "eu-west-1", "HTTP://all", true);
    check_url(&settings, "sts", "eu-west-1", "HTTP://all", true);
    check_sts(&settings, "eu-west-1", "https://sts.eu-west-1.amazonaws.com", "eu-west-1");
    settings.endpoint_urls[AWS_STS] = (char[]){"http://three"};
    check_sts(&settings, "eu-west-1", "http://three", "eu-west-1");
}

static void check_problems(void) {
    struct aws_settings settings = {0};
    static const char none[] = "no region: use --region, AWS_REGION or the profile's region";
    check_problem(&settings, "lambda", NULL, none);
    check_problem(&settings, "lambda", "", none);
    check_problem(&settings, "lambda", "evil.com/x", "'evil.com/x' is not the name of a region");
    check_problem(&settings, "lambda", "-x", "'-x' is not the name of a region");
    check_problem(&settings, "lambda", "us@east", "'us@east' is not the name of a region");
    settings.endpoint_url = (char[]){"localhost:9001"};
    check_problem(&settings, "lambda", "eu-west-1",
                  "'localhost:9001' is not the URL of an endpoint (http:// or https:// and a host)");
    settings.endpoint_url = (char[]){"http:///"};
    check_problem(&settings, "lambda", "eu-west-1",
                  "'http:///' is not the URL of an endpoint (http:// or https:// and a host)");
    settings.endpoint_url = (char[]){"http://x/\r\nY: z"};
    check_problem(&settings, "lambda", "eu-west-1",
                  "'http://x/\r\nY: z' is not the URL of an endpoint (http:// or https:// and a host)");
    static const char *const secret[] = {"http://me:untold@x",  "https://me:unt/old@x",
                                         "http://x?key=untold", "HTTP://untold@x#untold",
                                         "me:untold@x",         "http://x/@untold@x"};
    static const char *const shown[] = {"http://x", "https://x", "http://x", "HTTP://x", "x", "http://x"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++) {
        char wanted[120];
        settings.endpoint_url = (char *)secret[i];
        snprintf(wanted, sizeof wanted,
                 "endpoint '%s': a user name, password or query is not supported in its URL", shown[i]);
        check_problem(&settings, "lambda", "eu-west-1", wanted);
    }
    settings.endpoint_url = (char[]){"http://x"};
    settings.fips = true;
    check_problem(&settings, "lambda", "eu-west-1",
                  "endpoint 'http://x': a custom endpoint cannot be combined with FIPS");
    settings.endpoint_url = NULL;
    check_problem(&settings, "s3", "cn-north-1", "S3 has no FIPS endpoint in cn-north-1");
}

int main(void) {
    TEST("a region's name determines its partition") {
        check_partitions();
    }
    TEST("endpoints have the domain names of their partition") {
        struct aws_settings settings = {0};
        check_url(&settings, "lambda", "eu-west-1", "https://lambda.eu-west-1.amazonaws.com", false);
        check_url(&settings, "s3", "cn-north-1", "https://s3.cn-north-1.amazonaws.com.cn", false);
        check_url(&settings, "lambda", "us-iso-east-1", "https://lambda.us-iso-east-1.c2s.ic.gov", false);
    }
    TEST("FIPS and dual-stack endpoints have their own names, with exceptions for S3 and STS") {
        struct aws_settings settings = {.fips = true};
        check_url(&settings, "lambda", "us-east-1", "https://lambda-fips.us-east-1.amazonaws.com", false);
        check_sts(&settings, "us-gov-west-1", "https://sts.us-gov-west-1.amazonaws.com", "us-gov-west-1");
        check_sts(&settings, "us-east-1", "https://sts-fips.us-east-1.amazonaws.com", "us-east-1");
        settings.dualstack = true;
        check_url(&settings, "lambda", "us-east-1", "https://lambda-fips.us-east-1.api.aws", false);
        check_url(&settings, "s3", "us-east-1", "https://s3-fips.dualstack.us-east-1.amazonaws.com", false);
    }
    TEST("in legacy mode the old regions use STS's global endpoint") {
        struct aws_settings settings = {.sts_global = true};
        check_sts(&settings, "eu-west-1", "https://sts.amazonaws.com", "us-east-1");
        check_sts(&settings, "eu-south-1", "https://sts.eu-south-1.amazonaws.com", "eu-south-1");
        settings.sts_global = false;
        check_sts(&settings, "aws-global", "https://sts.amazonaws.com", "us-east-1");
    }
    TEST("a custom endpoint is used as it is; --endpoint-url comes first, except for credentials") {
        check_custom();
    }
    TEST("a missing or invalid region and an invalid URL are refused") {
        check_problems();
    }
    return unit_end();
}
