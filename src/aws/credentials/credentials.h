/* Who signs: AWS access keys, from where the aws command would have them.
 *
 * Order (botocore's): the environment (not when --profile was given), a profile with role_arn, web identity,
 * SSO, the shared credentials file, `aws login`, credential_process, the shared config file, the container's
 * credentials, instance metadata (IMDSv2). The first source that is configured decides: one that is there but
 * broken, or gives keys or a token with control characters, ends the search with its error, so that nobody
 * works under another identity than the one that was meant.
 *
 * Secrets: nothing of what is returned is for messages but `access_key_id` and `source`. Memory that held a
 * secret is wiped when it is freed. */
#ifndef AWS_CREDENTIALS_CREDENTIALS_H
#define AWS_CREDENTIALS_CREDENTIALS_H

#include "aws/settings.h"
#include "util/text.h"

#include <stdbool.h>
#include <time.h>

/* All strings are owned by the provider. */
struct credentials {
    char *access_key_id;
    char *secret_access_key;
    char *session_token; /* NULL when there is none */
    time_t expiration;   /* seconds since 1970; 0: never */
    char *source;        /* for people: "environment", "profile 'work' (role arn:...)" */
};

struct credentials_provider;

/* A provider that follows `settings`, which must outlive it. Nothing is looked up yet. */
struct credentials_provider *credentials_provider_new(const struct aws_settings *settings);

/* The credentials to sign with at `now`. The first call looks for them; later calls return the same ones
 * until 15 minutes before their end (or when half of a shorter life is over), when they are fetched again
 * from the same source. A failed refresh is passed over while they last, and tried again every minute. May
 * therefore block for some seconds (HTTP, a credential_process; the first time a question for an MFA code on
 * the terminal); with credentials at hand it costs nothing, and is meant to be called for every request.
 * `*credentials` is valid until the next call.
 *
 * False when there are none: `problem` then names each source that was tried and why it gave nothing, on one
 * line; or the one source that failed. */
bool credentials_get(struct credentials_provider *provider, time_t now,
                     const struct credentials **credentials, struct text *problem);

/* Forgets the credentials, so that the next credentials_get fetches them anew: for an answer that says they
 * have expired (ExpiredToken). False when the source is one that always gives the same (the environment, keys
 * in a file): trying again is then of no use. */
bool credentials_expired(struct credentials_provider *provider);

/* Wipes and frees; NULL is allowed. */
void credentials_provider_free(struct credentials_provider *provider);

#endif
