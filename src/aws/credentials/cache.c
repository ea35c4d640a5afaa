/* The aws command's cache of assumed roles, and credentials in JSON. */
#include "aws/config.h"
#include "aws/credentials/internal.h"
#include "util/files.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/timestamp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MAX_FILE = 256 * 1024 };

/* ---- times ---- */

time_t parse_timestamp(const char *text) {
    int64_t milliseconds;
    const char *rest = timestamp_parse(text, text + strlen(text), &milliseconds);
    const char *zone = strpbrk(text + strcspn(text, "T"), "Z+-U"); /* without one it may be any hour */
    if (!rest || !zone || (*rest && strcmp(rest, "UTC") != 0))
        return -1;
    return (time_t)(milliseconds / 1000);
}

/* ---- JSON ---- */

static char *string_member(struct span object, const char *name) {
    struct text content = TEXT_INIT;
    bool good = json_get_string(object, name, &content) && content.length;
    char *string = good ? memory_copy_string(content.bytes) : NULL;
    text_wipe(&content);
    return string;
}

static bool take_credentials(struct span object, const char *token_name, struct credentials *credentials,
                             struct text *why) {
    struct credentials got = {.access_key_id = string_member(object, "AccessKeyId"),
                              .secret_access_key = string_member(object, "SecretAccessKey"),
                              .session_token = string_member(object, token_name)};
    char *expiration = string_member(object, "Expiration");
    got.expiration = expiration ? parse_timestamp(expiration) : 0;
    if (got.access_key_id && got.secret_access_key && got.expiration >= 0) {
        *credentials = got;
        free(expiration);
        return true;
    }
    char *code = string_member(object, "Code"), *message = string_member(object, "Message");
    if (got.expiration < 0)
        text_append_format(why, "Expiration '%s' is not a time", expiration);
    else if (code && strcmp(code, "Success") != 0)
        text_append_format(why, "%s: %s", code, message ? message : "no message");
    else
        text_append_format(why, "the response has no %s",
                           got.access_key_id ? "SecretAccessKey" : "AccessKeyId");
    credentials_wipe(&got);
    free(expiration);
    free(code);
    free(message);
    return false;
}

bool credentials_from_json(const char *text, size_t length, const char *token_name,
                           struct credentials *credentials, struct text *why) {
    struct span object;
    if (json_check((struct span){text, length}, &object, NULL) && json_type(object) == JSON_OBJECT)
        return take_credentials(object, token_name, credentials, why);
    text_append_string(why, "the response is not a JSON object");
    return false;
}

/* ---- the cache ---- */

static void cache_path(const char *key, struct text *path) {
    path_expand("~/.aws/cli/cache/", path);
    text_append_format(path, "%s.json", key);
}

bool credential_cache_read(const char *key, time_t now, time_t least, struct credentials *credentials) {
    struct text path = TEXT_INIT, content = TEXT_INIT, why = TEXT_INIT;
    struct span document, object;
    struct credentials got = {0};
    cache_path(key, &path);
    bool good = file_read(path.bytes, MAX_FILE, &content) &&
                json_check((struct span){text_string(&content), content.length}, &document, NULL) &&
                json_member(document, "Credentials", &object) &&
                take_credentials(object, "SessionToken", &got, &why) && got.expiration - now > least;
    if (good)
        *credentials = got;
    else
        credentials_wipe(&got);
    text_release(&path);
    text_wipe(&content);
    text_release(&why);
    return good;
}

/* Creates the missing folders above `path`, with access for their owner only. */
static bool make_folders(const char *path) {
    char *copy = memory_copy_string(path);
    bool good = true;
    for (char *slash = strchr(copy + 1, '/'); good && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        good = mkdir(copy, 0700) == 0 || errno == EEXIST;
        *slash = '/';
    }
    free(copy);
    return good;
}

void credential_cache_write(const char *key, const struct credentials *credentials) {
    struct text path = TEXT_INIT, content = TEXT_INIT;
    char expiration[32];
    timestamp_format(credentials->expiration, "%Y-%m-%dT%H:%M:%S+00:00", expiration, sizeof expiration);
    text_append_string(&content, "{\"Credentials\":{");
    json_put_string(&content, "AccessKeyId", credentials->access_key_id);
    json_put_string(&content, "SecretAccessKey", credentials->secret_access_key);
    json_put_string(&content, "SessionToken", credentials->session_token);
    json_put_string(&content, "Expiration", expiration);
    text_append_string(&content, "}}");
    cache_path(key, &path);
    if (make_folders(path.bytes))
        (void)file_write_durably(path.bytes, content.bytes, content.length);
    text_release(&path);
    text_wipe(&content);
}
