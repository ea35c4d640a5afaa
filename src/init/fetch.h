/* The payload that lies in S3. */
#ifndef INIT_FETCH_H
#define INIT_FETCH_H

#include "aws/session.h"
#include "tune/payload.h"
#include "util/span.h"

/* Reads the object that the string token `payload_s3` names, when there is one, and makes it the only payload
 * of `payloads`. A fault becomes a line in `problems`. */
void fetch_payload(struct aws_session *session, struct span payload_s3, struct payload_list *payloads,
                   struct text *problems);

#endif
