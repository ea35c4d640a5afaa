/* The single sources of credentials; credentials.c defines their order. Only for the files of this folder. */
#ifndef AWS_CREDENTIALS_INTERNAL_H
#define AWS_CREDENTIALS_INTERNAL_H

#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <time.h>

enum source_result {
    SOURCE_FOUND,  /* `credentials` was filled */
    SOURCE_ABSENT, /* not configured: the next source is tried */
    SOURCE_FAILED  /* configured, but failed: the search ends, and `why` holds the reason */
};

/* The arguments of every source. */
struct source_request {
    const struct aws_settings *settings;
    const char *profile; /* to look into; may differ from the profile of the settings */
    bool no_environment; /* the environment's web identity does not apply to this profile */
    time_t now;
    bool refreshing; /* a refresh: do not ask for an MFA code again */
    bool no_cache;   /* AWS refused the credentials from the cache */
};

/* Each appends its reason to `why` unless it returns SOURCE_FOUND. A source in the shared files that returns
 * SOURCE_ABSENT appends nothing, because source_profile names the files. */
enum source_result source_environment(const struct source_request *request, struct credentials *credentials,
                                      struct text *why);
enum source_result source_role(const struct source_request *request, struct credentials *credentials,
                               struct text *why);
enum source_result source_sso(const struct source_request *request, struct credentials *credentials,
                              struct text *why);
enum source_result source_credentials_file(const struct source_request *request,
                                           struct credentials *credentials, struct text *why);
enum source_result source_login(const struct source_request *request, struct credentials *credentials,
                                struct text *why);
enum source_result source_process(const struct source_request *request, struct credentials *credentials,
                                  struct text *why);
enum source_result source_config_file(const struct source_request *request, struct credentials *credentials,
                                      struct text *why);
enum source_result source_container(const struct source_request *request, struct credentials *credentials,
                                    struct text *why);
enum source_result source_instance(const struct source_request *request, struct credentials *credentials,
                                   struct text *why);

/* Tries the sources that a profile can configure, in order: web identity, SSO, the credentials file, `aws
 * login`, credential_process, the config file. For SOURCE_ABSENT, `why` names the files that were
 * searched. */
enum source_result source_profile(const struct source_request *request, struct credentials *credentials,
                                  struct text *why);

/* ---- shared functions ---- */

/* Fills the keys, token and expiration from a JSON object with AccessKeyId, SecretAccessKey, the token under
 * `token_name`, and Expiration. False when a member is missing; `why` says which. */
bool credentials_from_json(const char *text, size_t length, const char *token_name,
                           struct credentials *credentials, struct text *why);

/* Parses "2024-06-05T12:34:56Z", also with a fraction, with "UTC" or with an offset such as +02:00, into
 * seconds since 1970; -1 when it is not a time. */
time_t parse_timestamp(const char *text);

/* Wipes and frees what `credentials` owns, and empties it. */
void credentials_wipe(struct credentials *credentials);

/* Wipes and releases a text that held a secret. */
void text_wipe(struct text *secret);

/* Makes a provider that always returns a copy of `credentials`. */
struct credentials_provider *credentials_provider_fixed(const struct aws_settings *settings,
                                                        const struct credentials *credentials);

/* The aws command's cache of assumed roles (~/.aws/cli/cache). This toolkit shares it, so that an MFA code is
 * requested only once. `key` is the same as botocore's: the SHA-1 of the arguments. Reading returns false
 * when there is nothing that is valid for more than `least` seconds; a failed write is ignored. */
bool credential_cache_read(const char *key, time_t now, time_t least, struct credentials *credentials);
void credential_cache_write(const char *key, const struct credentials *credentials);

#endif
