/* The common options for AWS: --region, --profile and --endpoint-url, as in the aws command. */
#ifndef AWS_OPTIONS_H
#define AWS_OPTIONS_H

#include "util/options.h"

/* NULL when not given. The strings are not copied. */
struct aws_options {
    const char *region;
    const char *profile;
    const char *endpoint_url;
};

/* The rows of these options, which fill the members of the struct aws_options at TARGET. */
#define AWS_OPTIONS(TARGET)                                                                                  \
    OPTION_STRING("region", "REGION", &(TARGET)->region, "region, as in the aws command"),                   \
        OPTION_STRING("profile", "NAME", &(TARGET)->profile, "profile, as in the aws command"),              \
        OPTION_STRING("endpoint-url", "URL", &(TARGET)->endpoint_url, "endpoint, as in the aws command")

#endif
