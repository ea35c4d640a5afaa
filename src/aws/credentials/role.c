/* Credentials of a role: assumed with other credentials, or with an identity provider's token. */
#include "aws/config.h"
#include "aws/credentials/internal.h"
#include "aws/credentials/sts.h"
#include "util/files.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/terminal.h"

#include <errno.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_CHAIN = 16, TOKEN_LIMIT = 256 * 1024, LEAST_SECONDS = 15 * 60 };

/* ---- the cache ---- */

static void put_argument(struct text *json, const char *name, const char *value) {
    if (!value)
        return;
    text_append_string(json, json->length > 1 ? ", " : "");
    text_append_format(json, "\"%s\": ", name);
    json_append_string(json, span_of(value));
}

/* The file name in the aws command's cache: the SHA-1 of the arguments as Python writes them. The session
 * name is included only when it was configured. */
static void cache_key(const struct sts_role *role, bool name_chosen, char key[2 * SHA_DIGEST_LENGTH + 1]) {
    unsigned char digest[SHA_DIGEST_LENGTH];
    struct text json = TEXT_INIT;
    text_append_byte(&json, '{');
    if (role->duration_seconds)
        text_append_format(&json, "\"DurationSeconds\": %s", role->duration_seconds);
    put_argument(&json, "ExternalId", role->external_id);
    put_argument(&json, "RoleArn", role->role_arn);
    put_argument(&json, "RoleSessionName", name_chosen ? role->session_name : NULL);
    put_argument(&json, "SerialNumber", role->serial_number);
    text_append_byte(&json, '}');
    SHA1((const unsigned char *)json.bytes, json.length, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(key + 2 * i, 3, "%02x", digest[i]);
    text_release(&json);
}

/* The life that cached credentials must have left. For a role session of a quarter of an hour, half of it is
 * enough. */
static time_t least_seconds(const struct sts_role *role) {
    time_t half = role->duration_seconds ? strtol(role->duration_seconds, NULL, 10) / 2 : LEAST_SECONDS;
    return half < LEAST_SECONDS ? half : LEAST_SECONDS;
}

static void name_session(time_t now, char *name, size_t size) {
    snprintf(name, size, "power-tune-%lld", (long long)now);
}

/* ---- web identity ---- */

static const char *web_identity_value(const struct source_request *request, const char *variable,
                                      const char *name) {
    const char *value = request->no_environment ? NULL : getenv(variable);
    return value && *value ? value : config_value(request->settings->config, request->profile, name);
}

static bool read_token(const char *path, struct text *token, struct text *why) {
    if (!file_read(path, TOKEN_LIMIT, token)) {
        text_append_format(why, "cannot read the web identity token '%s': %s", path, strerror(errno));
        return false;
    }
    while (token->length && strchr(" \t\r\n", token->bytes[token->length - 1]))
        token->bytes[--token->length] = '\0';
    return true;
}

static enum source_result source_web_identity(const struct source_request *request,
                                              struct credentials *credentials, struct text *why) {
    char name[64], key[2 * SHA_DIGEST_LENGTH + 1];
    const char *path = web_identity_value(request, "AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    const char *chosen = web_identity_value(request, "AWS_ROLE_SESSION_NAME", "role_session_name");
    struct sts_role role = {.role_arn = web_identity_value(request, "AWS_ROLE_ARN", "role_arn")};
    if (!path)
        return SOURCE_ABSENT;
    if (!role.role_arn) {
        text_append_string(why, "a web identity token file without a role: set AWS_ROLE_ARN or role_arn");
        return SOURCE_FAILED;
    }
    name_session(request->now, name, sizeof name);
    role.session_name = chosen ? chosen : name;
    cache_key(&role, chosen != NULL, key);
    bool found = !request->no_cache && credential_cache_read(key, request->now, LEAST_SECONDS, credentials);
    struct text token = TEXT_INIT;
    if (!found && read_token(path, &token, why)) {
        found = sts_assume_role_with_web_identity(request->settings, &role, text_string(&token), credentials,
                                                  why);
        if (found)
            credential_cache_write(key, credentials);
    }
    text_wipe(&token);
    if (found) {
        struct text source = TEXT_INIT;
        text_append_format(&source, "web identity (role %s)", role.role_arn);
        credentials->source = source.bytes;
    }
    return found ? SOURCE_FOUND : SOURCE_FAILED;
}

/* ---- sources in a profile ---- */

/* Names the files that were searched, after the profile had none of the sources. */
static void append_places(const struct aws_config *config, struct text *why) {
    const char *const paths[] = {config->credentials_path, config->config_path};
    const int errors[] = {config->credentials_error, config->config_error};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        text_append_format(why, "%s '%s'", i ? " and" : "nothing in", paths[i]);
        if (errors[i])
            text_append_format(why, " (%s)", strerror(errors[i]));
    }
}

enum source_result source_profile(const struct source_request *request, struct credentials *credentials,
                                  struct text *why) {
    static enum source_result (*const sources[])(const struct source_request *, struct credentials *,
                                                 struct text *) = {
        source_web_identity, source_sso,     source_credentials_file,
        source_login,        source_process, source_config_file};
    enum source_result result = SOURCE_ABSENT;
    for (size_t i = 0; result == SOURCE_ABSENT && i < sizeof sources / sizeof *sources; i++)
        result = sources[i](request, credentials, why);
    if (result == SOURCE_FOUND)
        text_clear(why);
    else if (result == SOURCE_ABSENT)
        append_places(request->settings->config, why);
    return result;
}

/* ---- assumed roles ---- */

struct chain {
    const char *visited[MAX_CHAIN];
    size_t count;
};

static enum source_result assume(const struct source_request *request, struct chain *chain,
                                 struct credentials *credentials, struct text *why);

static const char *value_of(const struct source_request *request, const char *name) {
    return config_value(request->settings->config, request->profile, name);
}

static bool has_role(const struct source_request *request) {
    return value_of(request, "role_arn") && !value_of(request, "web_identity_token_file");
}

static bool has_keys(const struct source_request *request) {
    return value_of(request, "aws_access_key_id") || value_of(request, "aws_secret_access_key");
}

static bool from_credential_source(const struct source_request *request, const char *name,
                                   struct credentials *credentials, struct text *why) {
    static const struct {
        const char *name;
        enum source_result (*get)(const struct source_request *, struct credentials *, struct text *);
    } sources[] = {{"Environment", source_environment},
                   {"EcsContainer", source_container},
                   {"Ec2InstanceMetadata", source_instance}};
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcasecmp(name, sources[i].name) == 0) {
            text_append_format(why, "credential_source %s of profile '%s': ", sources[i].name,
                               request->profile);
            return sources[i].get(request, credentials, why) == SOURCE_FOUND;
        }
    text_append_format(why,
                       "profile '%s': credential_source '%s' is not Environment, EcsContainer or "
                       "Ec2InstanceMetadata",
                       request->profile, name);
    return false;
}

/* A profile that has keys may name itself. Any other profile that comes up a second time is a loop. */
static bool check_source_profile(const struct source_request *request, const struct source_request *source,
                                 const struct chain *chain, struct text *why) {
    if (!config_has_profile(request->settings->config, source->profile)) {
        text_append_format(why, "profile '%s': source_profile '%s' does not exist", request->profile,
                           source->profile);
        return false;
    }
    bool visited = false;
    for (size_t i = 0; i < chain->count; i++)
        visited = visited || strcmp(chain->visited[i], source->profile) == 0;
    bool itself = strcmp(source->profile, request->profile) == 0 && has_keys(source);
    if ((!visited || itself) && chain->count < MAX_CHAIN)
        return true;
    text_append_format(why, "profile '%s': source_profile '%s' creates a loop", request->profile,
                       source->profile);
    return false;
}

static bool from_source_profile(const struct source_request *request, const char *name, struct chain *chain,
                                struct credentials *credentials, struct text *why) {
    struct source_request source = *request;
    source.profile = name;
    source.no_environment = true;
    if (!check_source_profile(request, &source, chain, why))
        return false;
    chain->visited[chain->count++] = name;
    if (has_role(&source) && !has_keys(&source))
        return assume(&source, chain, credentials, why) == SOURCE_FOUND;
    struct text reason = TEXT_INIT;
    enum source_result result = source_profile(&source, credentials, &reason);
    if (result == SOURCE_ABSENT)
        text_append_format(why, "the source_profile '%s' has no credentials: %s", name, text_string(&reason));
    else
        text_append_string(why, text_string(&reason));
    text_release(&reason);
    return result == SOURCE_FOUND;
}

/* Gets the credentials with which the role of the profile is assumed. */
static bool get_source(const struct source_request *request, struct chain *chain,
                       struct credentials *credentials, struct text *why) {
    const char *profile = value_of(request, "source_profile"),
               *source = value_of(request, "credential_source");
    if (!profile == !source) {
        text_append_format(why, "profile '%s' has a role_arn and %s source_profile %s credential_source",
                           request->profile, profile ? "both" : "neither", profile ? "and" : "nor");
        return false;
    }
    return profile ? from_source_profile(request, profile, chain, credentials, why)
                   : from_credential_source(request, source, credentials, why);
}

static bool ask_for_code(const struct source_request *request, struct sts_role *role, struct text *code,
                         struct text *why) {
    struct text prompt = TEXT_INIT;
    bool good = false;
    if (!role->serial_number)
        return true;
    if (request->refreshing) {
        text_append_format(why, "profile '%s' needs a new MFA code", request->profile);
        return false;
    }
    text_append_format(&prompt, "Enter MFA code for %s: ", role->serial_number);
    if (terminal_ask(prompt.bytes, code))
        good = true;
    else
        text_append_format(why, "profile '%s' needs an MFA code, which can be entered only on a terminal",
                           request->profile);
    text_release(&prompt);
    role->token_code = text_string(code);
    return good;
}

static bool request_role(const struct source_request *request, struct chain *chain, struct sts_role *role,
                         struct credentials *credentials, struct text *why) {
    struct credentials source = {0};
    struct text code = TEXT_INIT;
    bool good = get_source(request, chain, &source, why);
    if (good) {
        struct credentials_provider *provider = credentials_provider_fixed(request->settings, &source);
        text_clear(why);
        good = ask_for_code(request, role, &code, why);
        if (good) {
            text_append_format(why, "cannot assume the role %s of profile '%s': ", role->role_arn,
                               request->profile);
            good = sts_assume_role(request->settings, provider, role, credentials, why);
        }
        credentials_provider_free(provider);
    }
    text_wipe(&code);
    credentials_wipe(&source);
    return good;
}

static enum source_result assume(const struct source_request *request, struct chain *chain,
                                 struct credentials *credentials, struct text *why) {
    char name[64], key[2 * SHA_DIGEST_LENGTH + 1], seconds[32];
    const char *chosen = value_of(request, "role_session_name"),
               *duration = value_of(request, "duration_seconds");
    struct sts_role role = {.role_arn = value_of(request, "role_arn"),
                            .external_id = value_of(request, "external_id"),
                            .serial_number = value_of(request, "mfa_serial")};
    long long number;
    if (duration && parse_whole_number(duration, 1, 1000000, &number)) {
        snprintf(seconds, sizeof seconds, "%lld", number);
        role.duration_seconds = seconds;
    }
    name_session(request->now, name, sizeof name);
    role.session_name = chosen ? chosen : name;
    cache_key(&role, chosen != NULL, key);
    bool cached =
        !request->no_cache && credential_cache_read(key, request->now, least_seconds(&role), credentials);
    if (!cached) {
        if (!request_role(request, chain, &role, credentials, why))
            return SOURCE_FAILED;
        text_clear(why);
        credential_cache_write(key, credentials);
    }
    struct text source = TEXT_INIT;
    text_append_format(&source, "profile '%s' (role %s)", request->profile, role.role_arn);
    credentials->source = source.bytes;
    return SOURCE_FOUND;
}

enum source_result source_role(const struct source_request *request, struct credentials *credentials,
                               struct text *why) {
    struct chain chain = {{request->profile}, 1};
    if (!has_role(request))
        return SOURCE_ABSENT;
    return assume(request, &chain, credentials, why);
}
