#include "aws/credentials/credentials.h"

#include "aws/credentials/internal.h"
#include "util/memory.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum { REFRESH_SECONDS = 15 * 60, RETRY_SECONDS = 60 };

typedef enum source_result (*source_function)(const struct source_request *, struct credentials *,
                                              struct text *);

/* The same order as botocore (botocore.credentials.create_credential_resolver). */
static const struct {
    const char *name; /* for messages */
    source_function get;
} sources[] = {{"environment", source_environment},
               {"profile", source_role},
               {"profile", source_profile},
               {"container", source_container},
               {"instance metadata", source_instance}};
enum { SOURCES = sizeof sources / sizeof *sources };

struct credentials_provider {
    const struct aws_settings *settings;
    struct credentials current;
    source_function source; /* the source of `current`; NULL before the first search, and for credentials that
                               never change */
    time_t refresh_at;      /* 0: never */
    bool found;
    bool refused; /* AWS refused `current`: do not use it again */
};

/* ---- secrets ---- */

void text_wipe(struct text *secret) {
    if (secret->bytes)
        OPENSSL_cleanse(secret->bytes, secret->capacity);
    text_release(secret);
}

static void free_secret(char *secret) {
    if (secret)
        OPENSSL_cleanse(secret, strlen(secret));
    free(secret);
}

void credentials_wipe(struct credentials *credentials) {
    free_secret(credentials->access_key_id);
    free_secret(credentials->secret_access_key);
    free_secret(credentials->session_token);
    free(credentials->source);
    *credentials = (struct credentials){0};
}

/* ---- providers ---- */

struct credentials_provider *credentials_provider_new(const struct aws_settings *settings) {
    struct credentials_provider *provider = memory_zeroed(1, sizeof *provider);
    provider->settings = settings;
    return provider;
}

struct credentials_provider *credentials_provider_fixed(const struct aws_settings *settings,
                                                        const struct credentials *credentials) {
    struct credentials_provider *provider = credentials_provider_new(settings);
    provider->current = (struct credentials){
        memory_copy_string(credentials->access_key_id), memory_copy_string(credentials->secret_access_key),
        memory_copy_string(credentials->session_token), 0, memory_copy_string(credentials->source)};
    provider->found = true;
    return provider;
}

void credentials_provider_free(struct credentials_provider *provider) {
    if (!provider)
        return;
    credentials_wipe(&provider->current);
    free(provider);
}

/* ---- finding ---- */

/* Asks one source. Credentials that have expired already count as a failure. */
static enum source_result ask(struct credentials_provider *provider, source_function get, time_t now,
                              struct text *why) {
    struct source_request request = {.settings = provider->settings,
                                     .profile = provider->settings->profile,
                                     .no_environment = provider->settings->profile_chosen,
                                     .now = now,
                                     .refreshing = provider->found,
                                     .no_cache = provider->refused};
    struct credentials got = {0};
    enum source_result result = get(&request, &got, why);
    if (result == SOURCE_FOUND && got.expiration && got.expiration <= now) {
        text_append_format(why, "the credentials from %s have expired", got.source);
        result = SOURCE_FAILED;
    }
    if (result != SOURCE_FOUND) {
        credentials_wipe(&got);
        return result;
    }
    credentials_wipe(&provider->current);
    provider->current = got;
    provider->source = get;
    provider->found = true;
    provider->refused = false;
    /* Before they expire; short-lived credentials when half of their life is over. */
    time_t early = got.expiration - REFRESH_SECONDS, half = now + (got.expiration - now) / 2;
    provider->refresh_at = !got.expiration ? 0 : early > half ? early : half;
    return SOURCE_FOUND;
}

/* Adds the reason of source `i`, if it gave one. */
static void append_reason(struct text *reasons, size_t i, const char *profile, const char *why) {
    if (!*why)
        return;
    text_append_string(reasons, reasons->length ? "; " : "");
    if (strcmp(sources[i].name, "profile") == 0)
        text_append_format(reasons, "profile '%s': %s", profile, why);
    else
        text_append_format(reasons, "%s: %s", sources[i].name, why);
}

static bool find(struct credentials_provider *provider, time_t now, struct text *problem) {
    struct text reasons = TEXT_INIT;
    enum source_result result = SOURCE_ABSENT;
    for (size_t i = 0; result == SOURCE_ABSENT && i < SOURCES; i++) {
        if (sources[i].get == source_environment && provider->settings->profile_chosen)
            continue;
        struct text why = TEXT_INIT;
        result = ask(provider, sources[i].get, now, &why);
        if (result == SOURCE_FAILED)
            text_clear(&reasons);
        append_reason(&reasons, i, provider->settings->profile, text_string(&why));
        text_release(&why);
    }
    if (result == SOURCE_ABSENT)
        text_append_format(problem, "no credentials: %s", text_string(&reasons));
    else if (result == SOURCE_FAILED)
        text_append_format(problem, "credentials: %s", text_string(&reasons));
    text_release(&reasons);
    return result == SOURCE_FOUND;
}

/* A failed refresh is ignored while the credentials are valid. */
static bool refresh(struct credentials_provider *provider, time_t now, struct text *problem) {
    struct text why = TEXT_INIT;
    bool usable = ask(provider, provider->source, now, &why) == SOURCE_FOUND;
    if (!usable) {
        provider->refresh_at = now + RETRY_SECONDS;
        usable = !provider->refused && now < provider->current.expiration;
    }
    if (!usable)
        text_append_format(problem, "credentials: cannot renew the credentials from %s: %s",
                           provider->current.source, text_string(&why));
    text_release(&why);
    return usable;
}

/* The values become header fields, where a line break would begin another header. Every signature uses this
 * check, whatever the source. */
static bool are_clean(const struct credentials *credentials, struct text *problem) {
    const char *what = has_control(credentials->access_key_id)       ? "access key id"
                       : has_control(credentials->secret_access_key) ? "secret access key"
                       : has_control(credentials->session_token)     ? "session token"
                                                                     : NULL;
    if (what)
        text_append_format(problem,
                           "credentials: the %s from %s contains a line break or another control character",
                           what, credentials->source);
    return !what;
}

bool credentials_get(struct credentials_provider *provider, time_t now,
                     const struct credentials **credentials, struct text *problem) {
    bool good = provider->found || find(provider, now, problem);
    if (good && (provider->refused || (provider->refresh_at && now >= provider->refresh_at)))
        good = refresh(provider, now, problem);
    good = good && are_clean(&provider->current, problem);
    if (good)
        *credentials = &provider->current;
    return good;
}

bool credentials_expired(struct credentials_provider *provider) {
    if (!provider->source || !provider->current.expiration || provider->source == source_environment)
        return false;
    provider->refused = true;
    return true;
}
