#include "aws/settings.h"

#include "util/memory.h"
#include "util/options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static void load_region(struct aws_settings *settings, const struct aws_options *options) {
    static const char *const variables[] = {"AWS_REGION", "AWS_DEFAULT_REGION"};
    if (options->region) {
        settings->region = memory_copy_string(options->region);
        settings->region_source = "--region";
    }
    for (size_t i = 0; !settings->region && i < sizeof variables / sizeof *variables; i++) {
        settings->region = memory_copy_string(environment(variables[i]));
        settings->region_source = variables[i];
    }
}

static void load_endpoint_urls(struct aws_settings *settings, const struct aws_options *options) {
    static const char *const variables[AWS_SERVICE_COUNT] = {[AWS_LAMBDA] = "AWS_ENDPOINT_URL_LAMBDA",
                                                             [AWS_S3] = "AWS_ENDPOINT_URL_S3",
                                                             [AWS_STS] = "AWS_ENDPOINT_URL_STS"};
    settings->endpoint_url = memory_copy_string(options->endpoint_url);
    const char *ignore = environment("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
    if (ignore && strcasecmp(ignore, "true") == 0)
        return;
    for (size_t i = 0; i < AWS_SERVICE_COUNT; i++) {
        const char *url = environment(variables[i]);
        settings->endpoint_urls[i] = memory_copy_string(url ? url : environment("AWS_ENDPOINT_URL"));
    }
}

bool settings_load(struct aws_settings *settings, const struct aws_options *options, struct text *problem) {
    *settings = (struct aws_settings){.standard_retries = true};
    load_region(settings, options);
    load_endpoint_urls(settings, options);
    settings->profile = memory_copy_string(options->profile ? options->profile : "default");
    settings->profile_chosen = options->profile != NULL;
    settings->ca_bundle = memory_copy_string(environment("AWS_CA_BUNDLE"));
    const char *attempts = environment("AWS_MAX_ATTEMPTS");
    long long number = 0;
    if (attempts && !parse_whole_number(attempts, 1, 100, &number)) {
        text_append_format(problem, "AWS_MAX_ATTEMPTS: '%s' is not a whole number from 1 to 100", attempts);
        settings_release(settings);
        return false;
    }
    settings->max_attempts = (int)number;
    return true;
}

const char *settings_region(const struct aws_settings *settings, const char *region_of_arn) {
    return region_of_arn && *region_of_arn ? region_of_arn : settings->region;
}

void settings_release(struct aws_settings *settings) {
    free(settings->region);
    free(settings->profile);
    free(settings->endpoint_url);
    for (size_t i = 0; i < AWS_SERVICE_COUNT; i++)
        free(settings->endpoint_urls[i]);
    free(settings->ca_bundle);
    *settings = (struct aws_settings){0};
}
