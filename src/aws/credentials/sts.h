/* The three calls to the AWS Security Token Service that are needed here.
 *
 * Source: AWS Security Token Service API Reference, version 2011-06-15 (AWS query protocol). */
#ifndef AWS_CREDENTIALS_STS_H
#define AWS_CREDENTIALS_STS_H

#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "util/text.h"

#include <stdbool.h>

/* What role to assume. All strings are the caller's; NULL: not sent. */
struct sts_role {
    const char *role_arn;
    const char *session_name; /* always there */
    const char *external_id;
    const char *duration_seconds;
    const char *serial_number; /* of an MFA device, with: */
    const char *token_code;
};

/* AssumeRole, signed with `source`'s credentials. Fills the keys and the expiration of `credentials`. False,
 * and `problem`, when STS refused or could not be reached; `credentials` is then as it was. */
bool sts_assume_role(const struct aws_settings *settings, struct credentials_provider *source,
                     const struct sts_role *role, struct credentials *credentials, struct text *problem);

/* AssumeRoleWithWebIdentity: not signed, the token of the identity provider says who asks. */
bool sts_assume_role_with_web_identity(const struct aws_settings *settings, const struct sts_role *role,
                                       const char *token, struct credentials *credentials,
                                       struct text *problem);

/* GetCallerIdentity: appends the ARN of whoever the credentials belong to ("arn:aws:sts::123456789012:
 * assumed-role/deploy/session"). It needs no permission. --endpoint-url holds for this call: the keys of what
 * answers there are not shown to AWS. */
bool sts_caller_identity(const struct aws_settings *settings, struct credentials_provider *provider,
                         const char *region, struct text *arn, struct text *problem);

#endif
