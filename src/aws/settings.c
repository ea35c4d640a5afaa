#include "aws/settings.h"

#include "aws/config.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_ATTEMPTS = 100 };

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

const char *settings_value(const struct aws_settings *settings, const char *variable, const char *name) {
    const char *value = variable ? environment(variable) : NULL;
    if (!value && settings->config)
        value = config_value(settings->config, settings->profile, name);
    return value;
}

/* As in botocore, "true" in any case is true, and everything else is false. */
bool settings_flag(const struct aws_settings *settings, const char *variable, const char *name) {
    const char *value = settings_value(settings, variable, name);
    return value && strcasecmp(value, "true") == 0;
}

static bool load_profile(struct aws_settings *settings, const struct aws_options *options,
                         struct text *problem) {
    static const char *const variables[] = {"AWS_DEFAULT_PROFILE", "AWS_PROFILE"};
    const char *name = options->profile, *source = "--profile";
    for (size_t i = 0; !name && i < sizeof variables / sizeof *variables; i++) {
        name = environment(variables[i]);
        source = variables[i];
    }
    settings->profile = memory_copy_string(name ? name : "default");
    settings->profile_chosen = options->profile != NULL;
    if (!name || config_has_profile(settings->config, name))
        return true;
    text_append_format(problem, "%s: profile '%s' not found in '%s' or '%s'", source, name,
                       settings->config->config_path, settings->config->credentials_path);
    return false;
}

static void load_region(struct aws_settings *settings, const struct aws_options *options) {
    static const char *const variables[] = {"AWS_REGION", "AWS_DEFAULT_REGION"};
    const char *region = options->region;
    settings->region_source = "--region";
    for (size_t i = 0; !region && i < sizeof variables / sizeof *variables; i++) {
        region = environment(variables[i]);
        settings->region_source = variables[i];
    }
    if (!region) {
        region = settings_value(settings, NULL, "region");
        settings->region_source = region ? "the profile" : NULL;
    }
    settings->region = memory_copy_string(region);
}

/* The endpoint of one service from the files: from the profile's services section, else from the profile
 * itself. */
static bool load_configured_url(struct aws_settings *settings, enum aws_service service,
                                const char *service_name, struct text *problem) {
    const char *section = settings_value(settings, NULL, "services");
    struct text url = TEXT_INIT;
    bool exists = true, found = false;
    if (section)
        found = config_service_value(settings->config, section, service_name, "endpoint_url", &exists, &url);
    const char *general = settings_value(settings, NULL, "endpoint_url");
    if (found && url.length)
        settings->endpoint_urls[service] = memory_copy_string(url.bytes);
    else
        settings->endpoint_urls[service] = memory_copy_string(general && *general ? general : NULL);
    text_release(&url);
    if (!exists)
        text_append_format(problem, "profile '%s': section [services %s] not found in '%s'",
                           settings->profile, section, settings->config->config_path);
    return exists;
}

static bool load_endpoint_urls(struct aws_settings *settings, const struct aws_options *options,
                               struct text *problem) {
    static const struct {
        const char *name, *variable;
    } services[AWS_SERVICE_COUNT] = {[AWS_LAMBDA] = {"lambda", "AWS_ENDPOINT_URL_LAMBDA"},
                                     [AWS_S3] = {"s3", "AWS_ENDPOINT_URL_S3"},
                                     [AWS_STS] = {"sts", "AWS_ENDPOINT_URL_STS"},
                                     [AWS_LOGS] = {"cloudwatch_logs", "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"}};
    settings->endpoint_url = memory_copy_string(options->endpoint_url);
    if (settings_flag(settings, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls"))
        return true;
    for (size_t i = 0; i < AWS_SERVICE_COUNT; i++) {
        const char *url = environment(services[i].variable);
        if (!url)
            url = environment("AWS_ENDPOINT_URL");
        if (url)
            settings->endpoint_urls[i] = memory_copy_string(url);
        else if (!load_configured_url(settings, (enum aws_service)i, services[i].name, problem))
            return false;
    }
    return true;
}

static bool load_retries(struct aws_settings *settings, struct text *problem) {
    const char *mode = settings_value(settings, "AWS_RETRY_MODE", "retry_mode");
    const char *attempts = settings_value(settings, "AWS_MAX_ATTEMPTS", "max_attempts");
    long long number = 0;
    if (mode && choice_index(mode, "legacy|standard|adaptive") < 0) {
        text_append_format(problem, "retry_mode: '%s' is not legacy, standard or adaptive", mode);
        return false;
    }
    if (attempts && !parse_whole_number(attempts, 1, MAX_ATTEMPTS, &number)) {
        text_append_format(problem, "max_attempts: '%s' is not a whole number from 1 to %d", attempts,
                           MAX_ATTEMPTS);
        return false;
    }
    settings->max_attempts = (int)number;
    return true;
}

/* Reads a setting of this toolkit, a number from 1 to `max`. `*setting` keeps its default when the variable
 * is not set. */
static bool load_own(const char *variable, int max, int *setting, struct text *problem) {
    const char *value = environment(variable);
    long long number = *setting;
    if (value && !parse_whole_number(value, 1, max, &number)) {
        text_append_format(problem, "%s: '%s' is not a whole number from 1 to %d", variable, value, max);
        return false;
    }
    *setting = (int)number;
    return true;
}

static bool load_own_settings(struct aws_settings *settings, struct text *problem) {
    enum { ACCOUNT_CALLS_PER_SECOND = 15, HOUR = 3600 };
    settings->calls_per_second = 5; /* a part of the account's limit, which others share */
    settings->process_seconds = 60;
    return load_own("POWER_TUNE_CALLS_PER_SECOND", ACCOUNT_CALLS_PER_SECOND, &settings->calls_per_second,
                    problem) &&
           load_own("POWER_TUNE_CREDENTIAL_PROCESS_SECONDS", HOUR, &settings->process_seconds, problem);
}

static bool load_endpoint_kinds(struct aws_settings *settings, struct text *problem) {
    const char *sts = settings_value(settings, "AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints");
    if (sts && choice_index(sts, "legacy|regional") < 0) {
        text_append_format(problem, "sts_regional_endpoints: '%s' is not legacy or regional", sts);
        return false;
    }
    settings->sts_global = sts && strcmp(sts, "legacy") == 0;
    settings->fips = settings_flag(settings, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint");
    settings->dualstack = settings_flag(settings, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint");
    return true;
}

static void load_ca_bundle(struct aws_settings *settings) {
    const char *path = settings_value(settings, "AWS_CA_BUNDLE", "ca_bundle");
    if (!path) /* OpenSSL's own variable; libcurl ignores it when it has a bundle of its own */
        path = environment("SSL_CERT_FILE");
    struct text expanded = TEXT_INIT;
    if (path) {
        path_expand(path, &expanded);
        settings->ca_bundle = memory_copy_string(text_string(&expanded));
    }
    text_release(&expanded);
}

bool settings_load(struct aws_settings *settings, const struct aws_options *options, struct text *problem) {
    *settings = (struct aws_settings){.config = config_load(problem)};
    bool good = settings->config && load_profile(settings, options, problem);
    if (good) {
        load_region(settings, options);
        load_ca_bundle(settings);
        good = load_endpoint_urls(settings, options, problem) && load_retries(settings, problem) &&
               load_own_settings(settings, problem) && load_endpoint_kinds(settings, problem);
    }
    if (!good)
        settings_release(settings);
    return good;
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
    config_free(settings->config);
    *settings = (struct aws_settings){0};
}
