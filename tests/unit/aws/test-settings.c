/* aws/settings: options, environment and files combined. */
#include "aws/settings.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/test-settings.XXXXXX";

static void forget_environment(void) {
    static const char *const variables[] = {"AWS_REGION",
                                            "AWS_DEFAULT_REGION",
                                            "AWS_PROFILE",
                                            "AWS_DEFAULT_PROFILE",
                                            "AWS_ENDPOINT_URL",
                                            "AWS_ENDPOINT_URL_LAMBDA",
                                            "AWS_ENDPOINT_URL_S3",
                                            "AWS_ENDPOINT_URL_STS",
                                            "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS",
                                            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                                            "AWS_CA_BUNDLE",
                                            "AWS_RETRY_MODE",
                                            "AWS_MAX_ATTEMPTS",
                                            "AWS_USE_FIPS_ENDPOINT",
                                            "AWS_USE_DUALSTACK_ENDPOINT",
                                            "AWS_STS_REGIONAL_ENDPOINTS"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
        unsetenv(variables[i]);
}

static void config(const char *content) {
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(content, file) >= 0);
    if (file)
        fclose(file);
}

static struct aws_settings loaded(const struct aws_options *options) {
    struct aws_settings settings;
    struct text problem = TEXT_INIT;
    CHECK(settings_load(&settings, options, &problem));
    CHECK_TEXT(text_string(&problem), "");
    text_release(&problem);
    return settings;
}

static void check_region(const char *option, const char *wanted, const char *source) {
    struct aws_options options = {.region = option};
    struct aws_settings settings = loaded(&options);
    CHECK(wanted ? settings.region && strcmp(settings.region, wanted) == 0 : !settings.region);
    CHECK(source ? settings.region_source && strcmp(settings.region_source, source) == 0
                 : !settings.region_source);
    CHECK_TEXT(settings_region(&settings, "arn-1"), "arn-1");
    CHECK(settings_region(&settings, "") == settings.region &&
          settings_region(&settings, NULL) == settings.region);
    settings_release(&settings);
}

static void check_regions(void) {
    config("");
    check_region(NULL, NULL, NULL);
    config("[default]\nregion = file-1\n");
    check_region(NULL, "file-1", "the profile");
    setenv("AWS_DEFAULT_REGION", "old-1", 1);
    check_region(NULL, "old-1", "AWS_DEFAULT_REGION");
    setenv("AWS_REGION", "new-1", 1);
    check_region(NULL, "new-1", "AWS_REGION");
    check_region("option-1", "option-1", "--region");
    setenv("AWS_REGION", "", 1);
    check_region(NULL, "old-1", "AWS_DEFAULT_REGION");
    forget_environment();
}

static void check_profile(const char *option, const char *wanted, const char *region, bool chosen) {
    struct aws_options options = {.profile = option};
    struct aws_settings settings = loaded(&options);
    CHECK_TEXT(settings.profile, wanted);
    CHECK_TEXT(settings.region, region);
    CHECK(settings.profile_chosen == chosen);
    settings_release(&settings);
}

static void check_profiles(void) {
    config("[default]\nregion=r0\n[profile a]\nregion=r1\n[profile b]\nregion=r2\n");
    check_profile(NULL, "default", "r0", false);
    setenv("AWS_PROFILE", "a", 1);
    check_profile(NULL, "a", "r1", false);
    check_profile("b", "b", "r2", true);
    forget_environment();
}

static void check_urls(const char *lambda, const char *s3, const char *sts, const char *logs) {
    struct aws_options options = {0};
    struct aws_settings settings = loaded(&options);
    const char *wanted[] = {lambda, s3, sts, logs};
    for (size_t i = 0; i < AWS_SERVICE_COUNT; i++)
        CHECK_TEXT(settings.endpoint_urls[i] ? settings.endpoint_urls[i] : "none", wanted[i]);
    settings_release(&settings);
}

static void check_endpoint_urls(void) {
    config("[default]\nservices = local\nendpoint_url = http://profile\n[services local]\nlambda =\n  "
           "endpoint_url = "
           "http://section\ncloudwatch_logs =\n  endpoint_url = http://logs\n");
    check_urls("http://section", "http://profile", "http://profile", "http://logs");
    setenv("AWS_ENDPOINT_URL_S3", "http://s3", 1);
    check_urls("http://section", "http://s3", "http://profile", "http://logs");
    setenv("AWS_ENDPOINT_URL", "http://all", 1);
    check_urls("http://all", "http://s3", "http://all", "http://all");
    setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "http://variable", 1);
    check_urls("http://all", "http://s3", "http://all", "http://variable");
    setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True", 1);
    check_urls("none", "none", "none", "none");
    forget_environment();
    config("[default]\nendpoint_url = http://profile\nignore_configured_endpoint_urls = true\n");
    check_urls("none", "none", "none", "none");
}

static void check_problem(const char *content, const char *wanted) {
    struct aws_settings settings;
    struct aws_options options = {0};
    struct text problem = TEXT_INIT;
    config(content);
    CHECK(!settings_load(&settings, &options, &problem));
    CHECK_TEXT(text_string(&problem), wanted);
    text_release(&problem);
}

static void check_problems(void) {
    char wanted[300];
    check_problem("[default]\nmax_attempts = 0\n", "max_attempts: '0' is not a whole number from 1 to 100");
    check_problem("[default]\nmax_attempts = x\n", "max_attempts: 'x' is not a whole number from 1 to 100");
    check_problem("[default]\nretry_mode = often\n",
                  "retry_mode: 'often' is not legacy, standard or adaptive");
    check_problem("[default]\nsts_regional_endpoints = no\n",
                  "sts_regional_endpoints: 'no' is not legacy or regional");
    snprintf(wanted, sizeof wanted, "profile 'default': section [services far] not found in '%s'", path);
    check_problem("[default]\nservices = far\n", wanted);
    snprintf(wanted, sizeof wanted, "'%s': line 1: text before the first section", path);
    check_problem("nonsense\n", wanted);
    setenv("POWER_TUNE_CALLS_PER_SECOND", "16", 1);
    check_problem("", "POWER_TUNE_CALLS_PER_SECOND: '16' is not a whole number from 1 to 15");
    unsetenv("POWER_TUNE_CALLS_PER_SECOND");
    setenv("POWER_TUNE_CREDENTIAL_PROCESS_SECONDS", "0", 1);
    check_problem("", "POWER_TUNE_CREDENTIAL_PROCESS_SECONDS: '0' is not a whole number from 1 to 3600");
    unsetenv("POWER_TUNE_CREDENTIAL_PROCESS_SECONDS");
    setenv("AWS_PROFILE", "nobody", 1);
    snprintf(wanted, sizeof wanted, "AWS_PROFILE: profile 'nobody' not found in '%s' or '/dev/null'", path);
    check_problem("", wanted);
    forget_environment();
}

static void check_others(void) {
    struct aws_options options = {.endpoint_url = "http://option"};
    config(
        "[default]\nca_bundle = ~/ca.pem\nmax_attempts = 2\nretry_mode = standard\nuse_fips_endpoint = TRUE\n"
        "use_dualstack_endpoint = yes\nsts_regional_endpoints = legacy\n");
    struct aws_settings settings = loaded(&options);
    CHECK_TEXT(settings.ca_bundle, "/home/me/ca.pem");
    CHECK_TEXT(settings.endpoint_url, "http://option");
    CHECK(settings.max_attempts == 2 && settings.fips && !settings.dualstack && settings.sts_global);
    settings_release(&settings);
    setenv("AWS_CA_BUNDLE", "/other.pem", 1);
    setenv("AWS_USE_FIPS_ENDPOINT", "false", 1);
    setenv("AWS_MAX_ATTEMPTS", "7", 1);
    settings = loaded(&options);
    CHECK_TEXT(settings.ca_bundle, "/other.pem");
    CHECK(settings.max_attempts == 7 && !settings.fips);
    settings_release(&settings);
    forget_environment();
}

int main(void) {
    int file = mkstemp(path);
    if (file < 0)
        return 99;
    close(file);
    forget_environment();
    setenv("HOME", "/home/me", 1);
    setenv("AWS_CONFIG_FILE", path, 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    TEST("the region is the ARN's, --region, AWS_REGION, AWS_DEFAULT_REGION or the profile's") {
        check_regions();
    }
    TEST("the profile is --profile, AWS_PROFILE or default") {
        check_profiles();
    }
    TEST("endpoints come from the service's variable, the general one, the services section or the profile") {
        check_endpoint_urls();
    }
    TEST("for certificates, tries, FIPS, dual-stack and STS the variable comes before the profile") {
        check_others();
    }
    TEST("an invalid value is refused, and the message names it") {
        check_problems();
    }
    unlink(path);
    return unit_end();
}
