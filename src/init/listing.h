/* Lists functions. */
#ifndef INIT_LISTING_H
#define INIT_LISTING_H

#include "aws/session.h"
#include "util/lines.h"

/* Writes a record for each function of the account in the session's region:
 *
 *     {"type":"function","functionName":"resize","functionArn":"arn:...","memorySizeMB":128,"timeout":3,
 *      "runtime":"nodejs22.x","architecture":"arm64","packageType":"Zip","codeSizeBytes":1024,
 *      "lastModified":S}
 *
 * False, reported, when they cannot be listed. */
bool list_functions(struct aws_session *session, struct output *output);

/* Writes the ARN of `function` (its name in requests). False, reported, when the function cannot be read. */
bool identify_function(struct aws_session *session, const char *function, struct output *output);

#endif
