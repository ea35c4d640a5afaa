/* Credentials from text: the environment, the shared files, the output of a process. */
#include "aws/config.h"
#include "aws/credentials/internal.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/shellwords.h"
#include "util/subprocess.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_LIMIT = 256 * 1024 };

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static void keep(struct credentials *credentials, const char *id, const char *secret, const char *token) {
    credentials->access_key_id = memory_copy_string(id);
    credentials->secret_access_key = memory_copy_string(secret);
    credentials->session_token = memory_copy_string(token);
}

/* ---- the environment ---- */

enum source_result source_environment(const struct source_request *request, struct credentials *credentials,
                                      struct text *why) {
    const char *id = environment("AWS_ACCESS_KEY_ID"), *secret = environment("AWS_SECRET_ACCESS_KEY");
    const char *token = environment("AWS_SECURITY_TOKEN"), *end = environment("AWS_CREDENTIAL_EXPIRATION");
    (void)request;
    if (!id) {
        text_append_string(why, "AWS_ACCESS_KEY_ID is not set");
        return SOURCE_ABSENT;
    }
    if (!secret) {
        text_append_string(why, "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
        return SOURCE_FAILED;
    }
    time_t expiration = end ? parse_timestamp(end) : 0;
    if (expiration < 0) {
        text_append_format(why, "AWS_CREDENTIAL_EXPIRATION: '%s' is not a time", end);
        return SOURCE_FAILED;
    }
    keep(credentials, id, secret, token ? token : environment("AWS_SESSION_TOKEN"));
    credentials->expiration = expiration;
    credentials->source = memory_copy_string("environment");
    return SOURCE_FOUND;
}

/* ---- the shared files ---- */

static enum source_result from_section(const struct config_file *file, const struct config_section *section,
                                       const char *path, const char *profile, struct credentials *credentials,
                                       struct text *why) {
    const char *id = config_entry(file, section, "aws_access_key_id");
    const char *secret = config_entry(file, section, "aws_secret_access_key");
    const char *token = config_entry(file, section, "aws_security_token");
    if (!token)
        token = config_entry(file, section, "aws_session_token");
    if (!id)
        return SOURCE_ABSENT;
    if (!secret) {
        text_append_format(why, "profile '%s' in '%s' has aws_access_key_id, but no aws_secret_access_key",
                           profile, path);
        return SOURCE_FAILED;
    }
    keep(credentials, id, secret, token && *token ? token : NULL);
    struct text source = TEXT_INIT;
    text_append_format(&source, "profile '%s' in '%s'", profile, path);
    credentials->source = source.bytes;
    return SOURCE_FOUND;
}

enum source_result source_credentials_file(const struct source_request *request,
                                           struct credentials *credentials, struct text *why) {
    const struct aws_config *config = request->settings->config;
    if (config->credentials_error)
        return SOURCE_ABSENT;
    return from_section(&config->credentials, config_section(&config->credentials, request->profile),
                        config->credentials_path, request->profile, credentials, why);
}

enum source_result source_config_file(const struct source_request *request, struct credentials *credentials,
                                      struct text *why) {
    const struct aws_config *config = request->settings->config;
    if (config->config_error)
        return SOURCE_ABSENT;
    return from_section(&config->config, config_profile_section(config, request->profile),
                        config->config_path, request->profile, credentials, why);
}

/* ---- processes ---- */

static void first_line(const struct text *errors, struct text *why) {
    const char *line = text_string(errors);
    line += strspn(line, "\r\n");
    if (*line)
        text_append_format(why, ": %.*s", (int)strcspn(line, "\r\n"), line);
}

/* Version 1 of the format that all AWS tools use. */
static bool check_version(const struct text *output, struct text *why) {
    struct span object, version;
    long long number = 0;
    if (!json_check((struct span){text_string(output), output->length}, &object, NULL) ||
        json_type(object) != JSON_OBJECT) {
        text_append_string(why, "its output is not a JSON object");
        return false;
    }
    if (!json_member(object, "Version", &version) || !json_whole_number(version, &number) || number != 1) {
        text_append_string(why, "its output has no \"Version\": 1");
        return false;
    }
    return true;
}

/* Runs a process and parses its output; on failure `why` begins with `what`. */
static enum source_result from_process(char *const *arguments, const char *what, int seconds,
                                       struct credentials *credentials, struct text *why) {
    struct text output = TEXT_INIT, errors = TEXT_INIT;
    int status = 0;
    bool good = false;
    text_append_format(why, "%s '%s': ", what, arguments[0]);
    if (!process_run(arguments, OUTPUT_LIMIT, seconds, &status, &output, &errors)) {
        if (errno == ETIMEDOUT)
            text_append_format(why, "no exit within %d s; killed", seconds);
        else
            text_append_string(why, strerror(errno));
        first_line(&errors, why);
    } else if (status) {
        text_append_format(why, "exit status %d", status);
        first_line(&errors, why);
    } else {
        good = check_version(&output, why) &&
               credentials_from_json(output.bytes, output.length, "SessionToken", credentials, why);
    }
    text_wipe(&output);
    text_release(&errors);
    return good ? SOURCE_FOUND : SOURCE_FAILED;
}

static void name_source(struct credentials *credentials, const char *profile, const char *how) {
    struct text source = TEXT_INIT;
    text_append_format(&source, "profile '%s' (%s)", profile, how);
    credentials->source = source.bytes;
}

enum source_result source_process(const struct source_request *request, struct credentials *credentials,
                                  struct text *why) {
    const struct aws_config *config = request->settings->config;
    const char *command = config_value(config, request->profile, "credential_process");
    struct words words;
    if (!command)
        return SOURCE_ABSENT;
    if (!words_split(command, &words) || !words.count) {
        text_append_format(why, "credential_process of profile '%s': %s", request->profile,
                           *command ? "a quote is not closed" : "it is empty");
        words_release(&words);
        return SOURCE_FAILED;
    }
    enum source_result result =
        from_process(words.words, "credential_process", request->settings->process_seconds, credentials, why);
    if (result == SOURCE_FOUND)
        name_source(credentials, request->profile, "credential_process");
    words_release(&words);
    return result;
}

/* For logins that only the aws command can refresh; `login` is the command that begins one. */
static enum source_result from_aws_command(const struct source_request *request, const char *login,
                                           struct credentials *credentials, struct text *why) {
    char *profile = memory_copy_string(request->profile);
    char *arguments[] = {"aws",   "configure", "export-credentials", "--format", "process", "--profile",
                         profile, NULL};
    enum source_result result =
        from_process(arguments, "the aws command", request->settings->process_seconds, credentials, why);
    if (result == SOURCE_FOUND)
        name_source(credentials, request->profile, "through the aws command");
    else
        text_append_format(why, " (version 2 of the aws command is needed, and `%s`)", login);
    free(profile);
    return result;
}

enum source_result source_sso(const struct source_request *request, struct credentials *credentials,
                              struct text *why) {
    const struct aws_config *config = request->settings->config;
    if (config_value(config, request->profile, "sso_account_id") ||
        config_value(config, request->profile, "sso_role_name"))
        return from_aws_command(request, "aws sso login", credentials, why);
    return SOURCE_ABSENT;
}

enum source_result source_login(const struct source_request *request, struct credentials *credentials,
                                struct text *why) {
    if (config_value(request->settings->config, request->profile, "login_session"))
        return from_aws_command(request, "aws login", credentials, why);
    return SOURCE_ABSENT;
}
