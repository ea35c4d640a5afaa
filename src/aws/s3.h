/* Reading an object from Amazon S3. Source: S3 API reference, GetObject. */
#ifndef AWS_S3_H
#define AWS_S3_H

#include "aws/client.h"
#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* Splits "s3://bucket/key" and appends both parts. False when `uri` has another form. */
bool s3_parse_uri(const char *uri, struct text *bucket, struct text *key);

/* Appends the object's content. `region` is asked first; when S3 says that the bucket is in another region,
 * the object is read there. False when it is missing, forbidden, or larger than `limit` bytes; `problem` says
 * which. */
bool s3_get_object(const struct aws_settings *settings, struct credentials_provider *provider,
                   const char *region, const char *bucket, const char *key, size_t limit,
                   struct text *content, struct text *problem);

#endif
