#include "aws/credentials.h"

#include "util/memory.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

struct credentials_provider {
    const struct aws_settings *settings;
    struct credentials current;
    bool found;
};

struct credentials_provider *credentials_provider_new(const struct aws_settings *settings) {
    struct credentials_provider *provider = memory_zeroed(1, sizeof *provider);
    provider->settings = settings;
    return provider;
}

static void free_secret(char *secret) {
    if (secret)
        OPENSSL_cleanse(secret, strlen(secret));
    free(secret);
}

static void release(struct credentials *credentials) {
    free_secret(credentials->access_key_id);
    free_secret(credentials->secret_access_key);
    free_secret(credentials->session_token);
    *credentials = (struct credentials){0};
}

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static bool from_environment(struct credentials *credentials, struct text *problem) {
    const char *id = environment("AWS_ACCESS_KEY_ID"), *secret = environment("AWS_SECRET_ACCESS_KEY");
    if (!id || !secret) {
        text_append_format(problem, "%s is not set", id ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID");
        return false;
    }
    credentials->access_key_id = memory_copy_string(id);
    credentials->secret_access_key = memory_copy_string(secret);
    credentials->session_token = memory_copy_string(environment("AWS_SESSION_TOKEN"));
    credentials->source = "environment";
    return true;
}

bool credentials_get(struct credentials_provider *provider, time_t now,
                     const struct credentials **credentials, struct text *problem) {
    (void)now;
    if (!provider->found) {
        struct text why = TEXT_INIT;
        provider->found = from_environment(&provider->current, &why);
        if (!provider->found)
            text_append_format(problem, "no credentials: environment: %s", text_string(&why));
        text_release(&why);
    }
    if (provider->found)
        *credentials = &provider->current;
    return provider->found;
}

bool credentials_expired(struct credentials_provider *provider) {
    (void)provider;
    return false;
}

void credentials_provider_free(struct credentials_provider *provider) {
    if (!provider)
        return;
    release(&provider->current);
    free(provider);
}
