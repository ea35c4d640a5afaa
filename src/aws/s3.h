/* Reading one object from Amazon S3. Source: the S3 API reference, GetObject. */
#ifndef AWS_S3_H
#define AWS_S3_H

#include "aws/client.h"
#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* Takes "s3://bucket/key" apart; both strings are appended. False when it has another form. */
bool s3_parse_uri(const char *uri, struct text *bucket, struct text *key);

/* Appends the object's bytes to `content`; `region` is asked first, and where S3 says that the bucket is in
 * another one, that is. False, and `problem`, when it is missing, forbidden, or larger than `limit` bytes. */
bool s3_get_object(const struct aws_settings *settings, struct credentials_provider *provider,
                   const char *region, const char *bucket, const char *key, size_t limit,
                   struct text *content, struct text *problem);

#endif
