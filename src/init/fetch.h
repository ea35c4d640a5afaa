/* The payload from S3 (payloadS3). */
#ifndef INIT_FETCH_H
#define INIT_FETCH_H

#include "aws/session.h"
#include "tune/payload.h"
#include "util/span.h"

/* Reads the S3 object that the JSON string `payload_s3` names, and makes it the only payload of `payloads`.
 * Does nothing when `payload_s3` is empty. A failure is appended to `problems` as a line. */
void fetch_payload(struct aws_session *session, struct span payload_s3, struct payload_list *payloads,
                   struct text *problems);

#endif
