/* The command line's part of how to reach AWS: --region, --profile and --endpoint-url, as the aws command has
 * them. */
#ifndef AWS_OPTIONS_H
#define AWS_OPTIONS_H

#include <getopt.h>
#include <stdbool.h>

/* NULL when not given. The strings are the caller's. */
struct aws_options {
    const char *region;
    const char *profile;
    const char *endpoint_url;
};

/* Far from what programs number their own options with. */
enum { AWS_OPTION_REGION = 0x10000, AWS_OPTION_PROFILE, AWS_OPTION_ENDPOINT_URL };

/* For the table of getopt_long. */
#define AWS_OPTIONS                                                                                          \
    {"region", required_argument, NULL, AWS_OPTION_REGION},                                                  \
        {"profile", required_argument, NULL, AWS_OPTION_PROFILE}, {                                          \
        "endpoint-url", required_argument, NULL, AWS_OPTION_ENDPOINT_URL                                     \
    }

/* Takes `argument`, when `option` is one of them. */
bool aws_options_take(struct aws_options *options, int option, const char *argument);

#endif
