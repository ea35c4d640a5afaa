/* The payload from S3 (payloadS3). */
#ifndef INIT_FETCH_H
#define INIT_FETCH_H

#include "aws/session.h"
#include "tune/input.h"
#include "tune/payload.h"
#include "util/text.h"

/* The maximum length of the object, in bytes: a weighted list may be longer than one payload. */
enum { PAYLOAD_OBJECT_LIMIT = 64 * 1024 * 1024 };

/* Reads the S3 object that the input's payloadS3 names, and takes it as if it were the input's payload. Does
 * nothing when there is no payloadS3. `warmup`: warm-up invocations at each size. A failure is appended to `problems` as a line. */
void fetch_payload(struct aws_session *session, const struct tuning_input *input, long long warmup,
                   struct payload_list *payloads, struct text *problems, struct text *warnings);

#endif
