/* Where a service is: the base URL of its endpoint in a region.
 *
 * Source: botocore's partitions.json and the endpoint rule sets of lambda, s3, sts and logs. A region that is
 * in no list belongs to the partition that its name's form says (us-gov-*, cn-*, ...), otherwise to "aws", so
 * that regions newer than this program work. */
#ifndef AWS_ENDPOINT_H
#define AWS_ENDPOINT_H

#include "aws/settings.h"
#include "util/text.h"

#include <stdbool.h>

/* Appends to `url` the base URL of `service` ("lambda", "s3", "sts", "logs") in `region`, as
 * "https://lambda.eu-west-1.amazonaws.com": no slash at its end. For S3 it is the endpoint itself, without a
 * bucket.
 *
 * Order: --endpoint-url (every service), AWS_ENDPOINT_URL_LAMBDA / _S3 / _STS / _CLOUDWATCH_LOGS,
 * AWS_ENDPOINT_URL, the services section of the profile, the profile's endpoint_url; then AWS's own.
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS takes all but the option out of the order. `*custom` (may be NULL) is
 * true for any but AWS's own: the pace of control calls, for one, is for AWS's own alone.
 *
 * False when there is no such endpoint: no region is known, the region's name is none, or a URL that was
 * configured is not http:// or https://, or has a user name, a password or a query, which must not be shown.
 * `problem` says which; `url` is as it was. */
bool endpoint_url(const struct aws_settings *settings, const char *service, const char *region,
                  struct text *url, bool *custom, struct text *problem);

/* The same for the calls to STS that get credentials: --endpoint-url is not for them, as in the aws command.
 * `*signing_region` is the region to sign for: the global endpoint (sts_regional_endpoints = legacy) has
 * another than the one that was asked for. Valid as long as `region`. */
bool endpoint_url_of_sts(const struct aws_settings *settings, const char *region, struct text *url,
                         const char **signing_region, struct text *problem);

#endif
