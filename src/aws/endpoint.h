/* The base URL of a service's endpoint in a region.
 *
 * Source: botocore's partitions.json and the endpoint rule sets of lambda, s3, sts and logs. A region that is
 * in none of the lists belongs to the partition with its prefix (us-gov-*, cn-*, ...), otherwise to "aws", so
 * that regions newer than this program work. */
#ifndef AWS_ENDPOINT_H
#define AWS_ENDPOINT_H

#include "aws/settings.h"
#include "util/text.h"

#include <stdbool.h>

/* Appends to `url` the base URL of `service` ("lambda", "s3", "sts", "logs") in `region`, such as
 * "https://lambda.eu-west-1.amazonaws.com", without a slash at its end. For S3 it is the endpoint without a
 * bucket.
 *
 * Order: --endpoint-url (for every service), AWS_ENDPOINT_URL_LAMBDA / _S3 / _STS / _CLOUDWATCH_LOGS,
 * AWS_ENDPOINT_URL, the services section of the profile, the profile's endpoint_url, AWS's own endpoint.
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS removes all but the option and the last. `*custom` (may be NULL)
 * becomes true for any endpoint but AWS's own.
 *
 * False when the region is unknown or not a region's name, when AWS has no such endpoint, or when a
 * configured URL is not http:// or https://, or has a user name, a password or a query, which must not be
 * shown. `problem` says which; `url` is unchanged. */
bool endpoint_url(const struct aws_settings *settings, const char *service, const char *region,
                  struct text *url, bool *custom, struct text *problem);

/* The same for the STS requests that get credentials. As in the aws command, --endpoint-url does not apply to
 * them. `*signing_region` becomes the region to sign for: the global endpoint (sts_regional_endpoints =
 * legacy) uses another region than `region`. Valid as long as `region`. */
bool endpoint_url_of_sts(const struct aws_settings *settings, const char *region, struct text *url,
                         const char **signing_region, struct text *problem);

#endif
