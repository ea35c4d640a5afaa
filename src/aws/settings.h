/* How to reach AWS: settings from the options, the environment and the shared files, as the aws command
 * resolves them.
 *
 * Order for every setting: the option, then the environment variable, then the profile in the shared config
 * file (AWS_CONFIG_FILE, ~/.aws/config) and the shared credentials file (AWS_SHARED_CREDENTIALS_FILE,
 * ~/.aws/credentials). An empty environment variable counts as not set. Reading settings needs no network.
 * Credentials are separate: aws/credentials/credentials.h. */
#ifndef AWS_SETTINGS_H
#define AWS_SETTINGS_H

#include "aws/options.h"
#include "util/text.h"

#include <stdbool.h>

struct aws_config;

/* The services that this toolkit uses. */
enum aws_service { AWS_LAMBDA, AWS_S3, AWS_STS, AWS_LOGS, AWS_SERVICE_COUNT };

/* All strings are owned; NULL when not set. */
struct aws_settings {
    char *region;
    const char *region_source;              /* for messages: "--region", "AWS_REGION", "the profile" */
    char *profile;                          /* the profile's name; "default" when nothing names one */
    bool profile_chosen;                    /* --profile was given, so the environment's keys are not used */
    char *endpoint_url;                     /* --endpoint-url, without a slash at its end */
    char *endpoint_urls[AWS_SERVICE_COUNT]; /* per service, from the environment and the files */
    char *ca_bundle;      /* AWS_CA_BUNDLE, ca_bundle, SSL_CERT_FILE: a file of certificates instead of the
                             system's */
    int max_attempts;     /* tries per request, 1 or more; 0 when not set. (retry_mode is checked, but has no
                             effect: there is only one way to retry here.) */
    int calls_per_second; /* control requests per second at AWS's own endpoints: 5, or
                             POWER_TUNE_CALLS_PER_SECOND */
    int process_seconds;  /* of a credential_process: 60, or POWER_TUNE_CREDENTIAL_PROCESS_SECONDS */
    bool fips;            /* use_fips_endpoint */
    bool dualstack;       /* use_dualstack_endpoint */
    bool sts_global;      /* sts_regional_endpoints = legacy: use sts.amazonaws.com for the old regions */
    struct aws_config *config; /* the shared files (aws/config.h) */
};

/* Fills `settings`. False when a value is bad, the named profile does not exist or a shared file cannot be
 * parsed; `problem` then says what and where ("max_attempts: 'x' is not a whole number from 1 to 100"), and
 * `settings` is empty. */
bool settings_load(struct aws_settings *settings, const struct aws_options *options, struct text *problem);

/* The value of the environment variable `variable` (NULL: none), else the profile's value `name`, else NULL.
 * Valid as long as the environment and `settings`. */
const char *settings_value(const struct aws_settings *settings, const char *variable, const char *name);

/* The same for a boolean: true when the value is "true" in any case. */
bool settings_flag(const struct aws_settings *settings, const char *variable, const char *name);

/* The region to use: `region_of_arn` unless it is NULL or "", else the region of the settings, else NULL.
 * Valid as long as both arguments. */
const char *settings_region(const struct aws_settings *settings, const char *region_of_arn);

void settings_release(struct aws_settings *settings);

#endif
