/* AWS access keys, from the same sources as the aws command's.
 *
 * Order (as in botocore): the environment (not with --profile), a profile with role_arn, web identity, SSO,
 * the shared credentials file, `aws login`, credential_process, the shared config file, the container's
 * credentials, instance metadata (IMDSv2). The first source that is configured decides. When it fails, or
 * gives keys or a token with control characters, the search ends with its error, so that nobody works under
 * another identity than intended.
 *
 * Secrets: messages may contain only `access_key_id` and `source`. Memory that held a secret is wiped before
 * it is freed. */
#ifndef AWS_CREDENTIALS_CREDENTIALS_H
#define AWS_CREDENTIALS_CREDENTIALS_H

#include "aws/settings.h"
#include "util/text.h"

#include <stdbool.h>
#include <time.h>

/* The provider owns all strings. */
struct credentials {
    char *access_key_id;
    char *secret_access_key;
    char *session_token; /* NULL when there is none */
    time_t expiration;   /* seconds since 1970; 0: never */
    char *source;        /* for messages: "environment", "profile 'work' (role arn:...)" */
};

struct credentials_provider;

/* Makes a provider for `settings`, which must outlive it. The sources are not yet searched. */
struct credentials_provider *credentials_provider_new(const struct aws_settings *settings);

/* Returns the credentials to sign with at the time `now`. The first call searches the sources. Later calls
 * return the same credentials until 15 minutes before they expire (with a life under 30 minutes: until half
 * of it is over), and then fetch them again from the same source. A failed refresh is ignored while the
 * credentials are valid, and tried again every minute. A call may block for some seconds (HTTP, a
 * credential_process, the first time a prompt for an MFA code on the terminal). Otherwise it is cheap: call
 * it for every request. `*credentials` is valid until the next call.
 *
 * False when there are no credentials: `problem` then names each source with the reason why it gave none, on
 * one line, or the one source that failed. */
bool credentials_get(struct credentials_provider *provider, time_t now,
                     const struct credentials **credentials, struct text *problem);

/* Discards the credentials, so that the next credentials_get fetches them again: for a response that says
 * that they have expired (ExpiredToken). False when the source always gives the same credentials (the
 * environment, keys in a file), so that another try cannot help. */
bool credentials_expired(struct credentials_provider *provider);

/* Wipes and frees the provider; NULL is allowed. */
void credentials_provider_free(struct credentials_provider *provider);

#endif
