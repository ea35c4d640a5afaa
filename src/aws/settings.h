/* How to reach AWS: what the options, the environment and the shared files say together, as the aws command
 * resolves them.
 *
 * Order for every setting: the option, then the environment variable, then the profile in the shared config
 * file (AWS_CONFIG_FILE, ~/.aws/config) and the shared credentials file (AWS_SHARED_CREDENTIALS_FILE,
 * ~/.aws/credentials). An empty environment variable counts as not set. Reading settings needs no network;
 * keys are not settings (aws/credentials.h). */
#ifndef AWS_SETTINGS_H
#define AWS_SETTINGS_H

#include "aws/options.h"
#include "util/text.h"

#include <stdbool.h>

struct aws_config;

/* The services that are spoken to. */
enum aws_service { AWS_LAMBDA, AWS_S3, AWS_STS, AWS_LOGS, AWS_SERVICE_COUNT };

/* All strings are owned; NULL where nothing was said. */
struct aws_settings {
    char *region;
    const char *region_source; /* for messages: "--region", "AWS_REGION", "the profile" */
    char *profile;             /* the profile's name; "default" when nothing names one */
    bool profile_chosen;       /* --profile was given: the environment's keys are then not looked at */
    char *endpoint_url;        /* --endpoint-url, without a slash at its end */
    char *endpoint_urls[AWS_SERVICE_COUNT]; /* from the environment and the files */
    char *ca_bundle;      /* AWS_CA_BUNDLE, ca_bundle, SSL_CERT_FILE: a file of certificates that replaces the
                             system's */
    int max_attempts;     /* tries of one call, 1 or more; 0 when nothing was said. (retry_mode is checked and
                             then passed over: there is one way to try again here.) */
    int calls_per_second; /* control calls at AWS's own endpoints: 5, or POWER_TUNE_CALLS_PER_SECOND */
    int process_seconds;  /* that a credential_process may take: 60, or POWER_TUNE_CREDENTIAL_PROCESS_SECONDS
                           */
    bool fips;            /* use_fips_endpoint */
    bool dualstack;       /* use_dualstack_endpoint */
    bool sts_global;      /* sts_regional_endpoints = legacy: sts.amazonaws.com for the old regions */
    struct aws_config *config; /* the shared files: aws/config.h */
};

/* Fills `settings`. False when a value is bad, the profile that was asked for does not exist or a shared file
 * cannot be parsed: `problem` then says what and where ("max_attempts: 'x' is not a whole number from 1 to
 * 100"), and `settings` holds nothing to be released. */
bool settings_load(struct aws_settings *settings, const struct aws_options *options, struct text *problem);

/* What `variable` (NULL: none) says, or else the profile's `name`; NULL when neither says anything. Valid as
 * long as the environment and `settings`. */
const char *settings_value(const struct aws_settings *settings, const char *variable, const char *name);

/* The same for yes or no: "true" in any case is yes. */
bool settings_flag(const struct aws_settings *settings, const char *variable, const char *name);

/* The region to talk to: the ARN's (NULL or "" when there is none) wins over every other, then the
 * settings' own; NULL when nothing names one. Valid as long as both arguments are. */
const char *settings_region(const struct aws_settings *settings, const char *region_of_arn);

void settings_release(struct aws_settings *settings);

#endif
