#include "init/check.h"

#include "aws/arn.h"
#include "aws/credentials/sts.h"
#include "aws/lambda/lambda.h"
#include "aws/s3.h"
#include "init/fetch.h"
#include "init/inspect.h"
#include "tune/payload.h"
#include "util/diagnostics.h"

#include <string.h>
#include <time.h>

/* Values that no function has. RevisionIds are random UUIDs, whose version digit is never 0. The hash is the
 * one of zero bytes, and code is never empty. */
#define NO_REVISION "00000000-0000-0000-0000-000000000000"
#define NO_CODE "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define NO_VERSION "999999999"

struct check {
    struct aws_session *session;
    const struct inspect_options *options;
    const struct tuning_input *input;
    struct output *output;
    struct aws_response response; /* to the last request */
    bool versions_known;          /* the list of versions shows that NO_VERSION does not exist */
    bool conditions_hold; /* the endpoint refuses a request whose condition does not hold, as AWS does */
    bool good;
};

/* ---- lines ---- */

static void say(struct check *check, const char *finding, const char *subject, const char *why) {
    struct text line = TEXT_INIT;
    text_append_format(&line, "%-9s  %s%s", finding, subject, *why ? ": " : "");
    text_append_safe(&line, why, strlen(why));
    output_line(check->output, line.bytes, line.length);
    text_release(&line);
    if (strcmp(finding, "missing") == 0 || strcmp(finding, "problem") == 0)
        check->good = false;
}

static void write_response(struct check *check, const char *finding, const char *subject) {
    struct text why = TEXT_INIT;
    aws_describe(&check->response, &why);
    say(check, finding, subject, text_string(&why));
    text_release(&why);
}

/* Writes a line for each line of `text`. */
static void say_lines(struct check *check, const char *finding, const struct text *text) {
    struct text line = TEXT_INIT;
    for (const char *at = text_string(text); *at;) {
        size_t length = strcspn(at, "\n");
        text_clear(&line);
        text_append(&line, at, length);
        say(check, finding, line.bytes, "");
        at += length + (at[length] == '\n');
    }
    text_release(&line);
}

/* ---- what a response means ---- */

/* Other errors with the status 403 are about the credentials, not about permissions. */
static bool is_denied(const struct check *check) {
    return check->response.result == AWS_REFUSED && check->response.status == 403 &&
           (!check->response.code.length || aws_has_code(&check->response, "AccessDeniedException") ||
            aws_has_code(&check->response, "AccessDenied"));
}

/* Reports the permission for a request that only reads. */
static void judge_reading(struct check *check, const char *action) {
    if (check->response.result == AWS_DONE || aws_has_code(&check->response, "ResourceNotFoundException"))
        say(check, "ok", action, "");
    else
        write_response(check, is_denied(check) ? "missing" : "not known", action);
}

/* Reports the permission for a request that cannot succeed. */
static void judge_changing(struct check *check, const char *action) {
    static const char *const expected[] = {"PreconditionFailedException", "ResourceNotFoundException",
                                           "ResourceConflictException", "InvalidParameterValueException"};
    bool permitted = false;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        permitted = permitted ||
                    (check->response.result == AWS_REFUSED && aws_has_code(&check->response, expected[i]));
    if (permitted)
        say(check, "ok", action, "");
    else if (check->response.result == AWS_DONE)
        say(check, "problem", action, "this endpoint ignores conditions, unlike AWS");
    else
        write_response(check, is_denied(check) ? "missing" : "not known", action);
}

/* ---- the caller ---- */

static bool check_credentials(struct check *check) {
    const struct credentials *credentials;
    struct text problem = TEXT_INIT, arn = TEXT_INIT, why = TEXT_INIT;
    struct aws_session *session = check->session;
    bool found = credentials_get(session->provider, time(NULL), &credentials, &problem);
    if (!found)
        say(check, "missing", "credentials", text_string(&problem));
    else
        say(check, "ok", "credentials", credentials->source);
    if (found &&
        sts_caller_identity(&session->settings, session->provider, session->lambda->region, &arn, &why))
        say(check, "ok", "caller", text_string(&arn));
    else if (found)
        say(check, "not known", "caller", text_string(&why));
    text_release(&problem);
    text_release(&arn);
    text_release(&why);
    return found;
}

/* ---- the function ---- */

/* True when further checks make sense. */
static bool check_function(struct check *check) {
    struct function_configuration latest = {0};
    struct text what = TEXT_INIT;
    const char *function = check->options->function;
    bool found = lambda_get_function(check->session->lambda, function, NULL, &latest, &check->response);
    if (found) {
        text_append_format(&what, "%s (%lld MB, %s, %s)", latest.function_arn, latest.memory_size,
                           latest.architecture, *latest.runtime ? latest.runtime : latest.package_type);
        say(check, "ok", "function", what.bytes);
        say(check, "ok", "lambda:GetFunction", "");
    } else if (is_denied(check)) {
        write_response(check, "missing", "lambda:GetFunction");
        found = true;
    } else if (aws_has_code(&check->response, "ResourceNotFoundException")) {
        write_response(check, "missing", "function");
    } else {
        write_response(check, "problem", check->response.status == 403 ? "credentials" : "function");
    }
    function_configuration_release(&latest);
    text_release(&what);
    return found;
}

static void check_lists(struct check *check) {
    struct aws_client *lambda = check->session->lambda;
    struct version_list versions;
    struct alias_list aliases;
    const char *function = check->options->function;
    check->versions_known = lambda_list_versions(lambda, function, &versions, &check->response);
    judge_reading(check, "lambda:ListVersionsByFunction");
    for (size_t i = 0; check->versions_known && i < versions.count; i++)
        check->versions_known = strcmp(versions.versions[i].version, NO_VERSION) != 0;
    version_list_release(&versions);
    /* Not required: it only adds the names of aliases to a message. */
    if (lambda_list_aliases(lambda, function, NULL, &aliases, &check->response))
        say(check, "ok", "lambda:ListAliases", "");
    else
        write_response(check, "warning", "lambda:ListAliases");
    alias_list_release(&aliases);
}

/* Other data that a run with these parameters reads. */
static void check_reading(struct check *check) {
    struct aws_client *lambda = check->session->lambda;
    const char *qualifier = check->options->qualifier;
    if (*qualifier && strcmp(qualifier, "$LATEST") != 0) {
        struct function_configuration named = {0};
        lambda_get_configuration(lambda, check->options->function, qualifier, &named, &check->response);
        function_configuration_release(&named);
        judge_reading(check, "lambda:GetFunctionConfiguration");
    }
    if (check->input->parallel_invocation || check->input->only_cold_starts) {
        struct account_settings account;
        bool read = lambda_get_account_settings(lambda, &account, &check->response);
        if (read)
            say(check, "ok", "lambda:GetAccountSettings", "");
        else
            write_response(check, "warning", "lambda:GetAccountSettings");
    }
}

/* ---- permissions to change ---- */

/* True when a request that must not succeed can be sent. An endpoint other than AWS's own must have shown
 * that it respects conditions. Otherwise the permission is reported as not known. */
static bool may_try(struct check *check, const char *action, bool known, const char *why) {
    const char *reason = !known ? why : check->conditions_hold ? NULL : "this endpoint may ignore conditions";
    if (reason)
        say(check, "not known", action, reason);
    return !reason;
}

static void check_changing(struct check *check) {
    struct aws_client *lambda = check->session->lambda;
    const char *function = check->options->function;
    struct function_configuration ignored = {0};
    /* Only the condition: the request contains nothing that could be changed. */
    struct function_change nothing = FUNCTION_CHANGE_INIT;
    nothing.revision_id = NO_REVISION;
    struct aws_deadline deadline = aws_deadline_start(lambda);
    lambda_update_configuration(lambda, function, &nothing, &deadline, &ignored, &check->response);
    judge_changing(check, "lambda:UpdateFunctionConfiguration");
    check->conditions_hold = aws_has_code(&check->response, "PreconditionFailedException") ||
                             (!lambda->custom_endpoint && check->response.result != AWS_DONE);
    if (may_try(check, "lambda:PublishVersion", true, "")) {
        deadline = aws_deadline_start(lambda);
        lambda_publish_version(lambda, function, NULL, NO_REVISION, NO_CODE, &deadline, &ignored,
                               &check->response);
        judge_changing(check, "lambda:PublishVersion");
    }
    if (may_try(check, "lambda:DeleteFunction", check->versions_known, "cannot list the versions")) {
        deadline = aws_deadline_start(lambda);
        lambda_delete_version(lambda, function, NO_VERSION, &deadline, &check->response);
        judge_reading(check, "lambda:DeleteFunction");
    }
    function_configuration_release(&ignored);
}

static void check_alias(struct check *check) {
    struct aws_client *lambda = check->session->lambda;
    struct alias alias = {0}, ignored = {0};
    struct text name = TEXT_INIT;
    if (!check->input->auto_optimize || !check->input->auto_optimize_alias.start)
        return;
    json_decode_string(check->input->auto_optimize_alias, &name);
    bool exists = lambda_get_alias(lambda, check->options->function, name.bytes, &alias, &check->response);
    judge_reading(check, "lambda:GetAlias");
    if (may_try(check, "lambda:UpdateAlias", true, "")) {
        struct aws_deadline deadline = aws_deadline_start(lambda);
        lambda_update_alias(lambda, check->options->function, name.bytes,
                            exists ? alias.function_version : NO_VERSION, NO_REVISION, &deadline, &ignored,
                            &check->response);
        judge_changing(check, "lambda:UpdateAlias");
    }
    if (!exists && may_try(check, "lambda:CreateAlias", check->versions_known, "cannot list the versions")) {
        struct aws_deadline deadline = aws_deadline_start(lambda);
        lambda_create_alias(lambda, check->options->function, name.bytes, NO_VERSION, &deadline, &ignored,
                            &check->response);
        judge_changing(check, "lambda:CreateAlias");
    }
    alias_release(&alias);
    alias_release(&ignored);
    text_release(&name);
}

/* ---- permissions to invoke ---- */

/* A policy may allow the function without its versions, which is not enough. So $LATEST is named like a
 * version. */
static void check_invoking(struct check *check) {
    lambda_dry_run(check->session->lambda, check->options->function, "$LATEST", &check->response);
    judge_reading(check, "lambda:InvokeFunction");
}

static void check_processor(struct check *check, const char *parameter, struct span arn) {
    struct text text = TEXT_INIT, why = TEXT_INIT, function = TEXT_INIT, subject = TEXT_INIT;
    struct function_name name = {0};
    if (arn.start) {
        json_decode_string(arn, &text);
        text_append_format(&subject, "lambda:InvokeFunction of %s", parameter);
        if (!function_name_parse((struct span){text.bytes, text.length}, &name, &why)) {
            say(check, "problem", parameter, why.bytes);
        } else {
            function_name_identifier(&name, &function);
            if (lambda_dry_run(check->session->lambda, function.bytes, name.qualifier, &check->response))
                say(check, "ok", subject.bytes, "");
            else
                write_response(check, "missing", subject.bytes);
            function_name_release(&name);
        }
    }
    struct text *const texts[] = {&text, &why, &function, &subject};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_release(texts[i]);
}

static void check_payload(struct check *check) {
    struct text uri = TEXT_INIT, bucket = TEXT_INIT, key = TEXT_INIT, content = TEXT_INIT, why = TEXT_INIT;
    struct aws_session *session = check->session;
    if (check->input->payload_s3.start) {
        json_decode_string(check->input->payload_s3, &uri);
        if (!s3_parse_uri(uri.bytes, &bucket, &key))
            say(check, "problem", "payloadS3", "is not s3://BUCKET/KEY");
        else if (s3_get_object(&session->settings, session->provider, session->lambda->region, bucket.bytes,
                               key.bytes, PAYLOAD_OBJECT_LIMIT, &content, &why))
            say(check, "ok", "s3:GetObject", uri.bytes);
        else
            say(check, "missing", "s3:GetObject", text_string(&why));
    }
    struct text *const texts[] = {&uri, &bucket, &key, &content, &why};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_release(texts[i]);
}

/* Reports functions that cannot be tuned because of their kind or state. Skipped when a check before has
 * failed. */
static void check_kind(struct check *check) {
    struct text problems = TEXT_INIT, warnings = TEXT_INIT, present = TEXT_INIT;
    struct function_state state;
    if (!check->good)
        return;
    if (inspect_function(check->session, check->options, check->input, &state, &problems, &warnings) &&
        state.present.count) {
        present_describe(&state.present, &present);
        say(check, "ok", "compared with", text_string(&present));
    }
    say_lines(check, "problem", &problems);
    say_lines(check, "warning", &warnings);
    function_state_release(&state);
    text_release(&problems);
    text_release(&warnings);
    text_release(&present);
}

bool check_run(struct aws_session *session, const struct inspect_options *options,
               const struct tuning_input *input, struct output *output) {
    struct check check = {session, options, input, output, AWS_RESPONSE_INIT, false, false, true};
    if (check_credentials(&check) && check_function(&check)) {
        check_lists(&check);
        check_reading(&check);
        check_invoking(&check);
        check_changing(&check);
        check_alias(&check);
        check_processor(&check, "preProcessorARN", input->pre_processor_arn);
        check_processor(&check, "postProcessorARN", input->post_processor_arn);
        check_payload(&check);
        check_kind(&check);
    }
    aws_response_release(&check.response);
    return check.good;
}
