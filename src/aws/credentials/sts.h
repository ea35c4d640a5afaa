/* The operations of the AWS Security Token Service that are needed here.
 *
 * Source: AWS Security Token Service API Reference, version 2011-06-15 (AWS query protocol). */
#ifndef AWS_CREDENTIALS_STS_H
#define AWS_CREDENTIALS_STS_H

#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "util/text.h"

#include <stdbool.h>

/* The role to assume. The caller owns all strings; NULL ones are not sent. */
struct sts_role {
    const char *role_arn;
    const char *session_name; /* required */
    const char *external_id;
    const char *duration_seconds;
    const char *serial_number; /* the MFA device, which needs token_code */
    const char *token_code;
};

/* AssumeRole, signed with the credentials of `source`. Fills the keys and the expiration of `credentials`.
 * False when STS refused or could not be reached; `problem` says why, and `credentials` is unchanged. */
bool sts_assume_role(const struct aws_settings *settings, struct credentials_provider *source,
                     const struct sts_role *role, struct credentials *credentials, struct text *problem);

/* AssumeRoleWithWebIdentity. It is not signed: the token of the identity provider identifies the caller. */
bool sts_assume_role_with_web_identity(const struct aws_settings *settings, const struct sts_role *role,
                                       const char *token, struct credentials *credentials,
                                       struct text *problem);

/* GetCallerIdentity: appends the ARN of the identity that the credentials belong to
 * ("arn:aws:sts::123456789012:assumed-role/deploy/session"). It needs no permission. --endpoint-url applies
 * to this request, because credentials for another server must not be sent to AWS. */
bool sts_caller_identity(const struct aws_settings *settings, struct credentials_provider *provider,
                         const char *region, struct text *arn, struct text *problem);

#endif
