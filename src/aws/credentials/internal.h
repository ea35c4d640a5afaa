/* The places that credentials come from, each by itself; aws/credentials.c puts them in order. For the files
 * of aws/credential_*.c alone. */
#ifndef AWS_CREDENTIALS_INTERNAL_H
#define AWS_CREDENTIALS_INTERNAL_H

#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <time.h>

enum source_result {
    SOURCE_FOUND,  /* `credentials` is filled */
    SOURCE_ABSENT, /* it is not configured: the next one is asked */
    SOURCE_FAILED  /* it is configured and gave nothing: the search ends; `why` says what went wrong */
};

/* What every source is asked with. */
struct source_request {
    const struct aws_settings *settings;
    const char *profile; /* to look into; not always that of the settings */
    bool no_environment; /* the environment's web identity is not for this profile */
    time_t now;
    bool refreshing; /* not the first time: nobody is to be asked for an MFA code again */
    bool no_cache;   /* what the cache has was refused by AWS */
};

/* Each appends to `why` unless it answers SOURCE_FOUND; SOURCE_ABSENT of one that looks into the shared files
 * says nothing: source_profile names the files. */
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

/* Those of them that a profile can name, in order: web identity, SSO, the credentials file, `aws login`, the
 * process, the config file. Of SOURCE_ABSENT `why` says which files have none of them. */
enum source_result source_profile(const struct source_request *request, struct credentials *credentials,
                                  struct text *why);

/* ---- what they share ---- */

/* Fills the keys, token and expiration from a JSON object with AccessKeyId, SecretAccessKey, the token under
 * `token_name`, and Expiration. False when it is no such object: `why` says what it lacks. */
bool credentials_from_json(const char *text, size_t length, const char *token_name,
                           struct credentials *credentials, struct text *why);

/* The seconds since 1970 of "2024-06-05T12:34:56Z", also with a fraction, "UTC" or an offset such as +02:00;
 * -1 when it is no time. */
time_t parse_timestamp(const char *text);

/* Wipes and frees what `credentials` owns, and empties it. */
void credentials_wipe(struct credentials *credentials);

/* Wipes and releases a text that held a secret. */
void text_wipe(struct text *secret);

/* A provider that always gives a copy of these. */
struct credentials_provider *credentials_provider_fixed(const struct aws_settings *settings,
                                                        const struct credentials *credentials);

/* The aws command's cache of assumed roles (~/.aws/cli/cache), which it and this toolkit share, so that an
 * MFA code is asked for once. `key` is botocore's: the SHA-1 of the arguments. Reading is false when there is
 * nothing that lives longer than `least` seconds; a write that fails is passed over. */
bool credential_cache_read(const char *key, time_t now, time_t least, struct credentials *credentials);
void credential_cache_write(const char *key, const struct credentials *credentials);

#endif
