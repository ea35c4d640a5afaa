/* The common options for AWS: --region, --profile and --endpoint-url, as in the aws command. */
#ifndef AWS_OPTIONS_H
#define AWS_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

/* NULL when not given. The strings are not copied. */
struct aws_options {
    const char *region;
    const char *profile;
    const char *endpoint_url;
};

/* Values that no program uses for its own options. */
enum { AWS_OPTION_REGION = 0x10000, AWS_OPTION_PROFILE, AWS_OPTION_ENDPOINT_URL };

/* For getopt_long's table. */
#define AWS_OPTIONS                                                                                          \
    {"region", required_argument, NULL, AWS_OPTION_REGION},                                                  \
        {"profile", required_argument, NULL, AWS_OPTION_PROFILE}, {                                          \
        "endpoint-url", required_argument, NULL, AWS_OPTION_ENDPOINT_URL                                     \
    }

/* Stores `argument` when `option` is one of these options; otherwise returns false. */
bool aws_options_take(struct aws_options *options, int option, const char *argument);

#endif
