#include "apply/latest.h"

#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { SETTLE_MS = 5 * 60 * 1000, POLL_FIRST_MS = 10, MAX_POLL_MS = 1000, STRAGGLER_MS = 1500 };

/* ---- reading ---- */

bool versions_read(const struct apply *apply, struct version_list *versions, struct text *problem) {
    struct aws_response response = AWS_RESPONSE_INIT;
    bool done = lambda_list_versions(apply->session.lambda, apply->plan.lambda_arn, versions, &response);
    if (!done)
        aws_describe(&response, problem);
    aws_response_release(&response);
    return done;
}

bool latest_read(struct apply *apply, struct text *problem) {
    struct aws_response response = AWS_RESPONSE_INIT;
    int64_t give_up = monotonic_ms() + SETTLE_MS, pause = POLL_FIRST_MS;
    bool settled = false;
    for (;;) {
        if (!lambda_get_function(apply->session.lambda, apply->plan.lambda_arn, NULL, &apply->latest,
                                 &response)) {
            aws_describe(&response, problem);
            break;
        }
        settled = strcmp(apply->latest.last_update_status, "InProgress") != 0;
        if (settled)
            break;
        if (monotonic_ms() >= give_up) {
            text_append_string(problem, "an update of the function has not settled within 5 minutes");
            break;
        }
        sleep_ms(pause);
        pause = pause * 2 < MAX_POLL_MS ? pause * 2 : MAX_POLL_MS;
    }
    aws_response_release(&response);
    return settled;
}

/* ---- expecting ---- */

static void replace(char **string, const char *value) {
    char *copy = memory_copy_string(value);
    free(*string);
    *string = copy;
}

void latest_expect(struct apply *apply) {
    struct function_configuration *expected = &apply->expected;
    replace(&expected->comparable, apply->latest.comparable);
    replace(&expected->code_sha256, apply->latest.code_sha256);
    replace(&expected->description, apply->latest.description);
    replace(&expected->logging_config, apply->latest.logging_config);
    replace(&expected->system_log_level, apply->latest.system_log_level);
    expected->memory_size = apply->latest.memory_size;
    expected->timeout = apply->latest.timeout;
}

/* A run changes only the level of a LoggingConfig. AWS may return its members in another order. */
static bool has_log_level(const struct function_configuration *now, const char *logging_config) {
    struct span level;
    return json_member(span_of(logging_config), "SystemLogLevel", &level) &&
           json_string_is(level, now->system_log_level);
}

static void expect_change(struct apply *apply, const struct function_change *change) {
    struct function_configuration *expected = &apply->expected;
    if (change->memory_size >= 0)
        expected->memory_size = change->memory_size;
    if (change->timeout >= 0)
        expected->timeout = change->timeout;
    if (change->description)
        replace(&expected->description, change->description);
    if (change->logging_config && has_log_level(&apply->latest, change->logging_config)) {
        replace(&expected->logging_config, apply->latest.logging_config);
        replace(&expected->system_log_level, apply->latest.system_log_level);
    }
}

static void name_difference(struct text *what, bool differs, const char *name) {
    if (differs)
        text_append_format(what, "%s%s", what->length ? ", " : "", name);
}

bool latest_is_foreign(const struct apply *apply, struct text *what) {
    const struct function_configuration *now = &apply->latest, *expected = &apply->expected;
    size_t before = what->length;
    bool code = strcmp(now->code_sha256, expected->code_sha256) != 0;
    name_difference(what, code, "code");
    name_difference(what, now->memory_size != expected->memory_size, "memory");
    name_difference(what, strcmp(now->description, expected->description) != 0, "description");
    name_difference(what, now->timeout != expected->timeout, "timeout");
    name_difference(what, strcmp(now->logging_config, expected->logging_config) != 0, "logging");
    name_difference(what, !code && strcmp(now->comparable, expected->comparable) != 0, "configuration");
    return what->length > before;
}

bool latest_is_expected(const struct apply *apply, struct text *problem) {
    struct text what = TEXT_INIT;
    bool foreign = latest_is_foreign(apply, &what);
    if (foreign)
        text_append_format(problem, "somebody else has changed the function (%s)", what.bytes);
    text_release(&what);
    return !foreign;
}

/* True when $LATEST has the values of the change. Tells whether a request with a lost response has taken
 * effect. */
static bool has_values(const struct function_configuration *now, const struct function_change *change) {
    return (change->memory_size < 0 || now->memory_size == change->memory_size) &&
           (change->timeout < 0 || now->timeout == change->timeout) &&
           (!change->description || strcmp(now->description, change->description) == 0) &&
           (!change->logging_config || has_log_level(now, change->logging_config));
}

/* ---- changing ---- */

/* Appends the members that a change has in the journal. */
static void append_members(const struct function_change *change, struct text *out) {
    if (change->memory_size >= 0)
        json_put_number(out, "memorySizeMB", (double)change->memory_size);
    if (change->timeout >= 0)
        json_put_number(out, "timeout", (double)change->timeout);
    json_put_string(out, "description", change->description);
    json_put_value(out, "loggingConfig", span_of(change->logging_config));
}

void latest_await_stragglers(const struct apply *apply) {
    int64_t age = journal_age_ms(&apply->journal);
    if (age < STRAGGLER_MS)
        sleep_ms(STRAGGLER_MS - (age < 0 ? 0 : age));
}

static enum change_result refuse(const struct aws_response *response, struct text *code,
                                 struct text *problem) {
    aws_describe(response, problem);
    if (code)
        text_append_string(code, text_string(&response->code));
    return CHANGE_REFUSED;
}

/* Waits until an accepted update is complete. It can still fail in that time. */
static enum change_result settle(struct apply *apply, const struct function_change *change, struct text *code,
                                 struct text *problem) {
    enum change_result result = CHANGE_MADE;
    if (!latest_read(apply, problem)) {
        result = CHANGE_FAILED;
    } else if (strcmp(apply->latest.last_update_status, "Failed") == 0) {
        text_append_format(problem, "%s: %s", apply->latest.last_update_status_reason_code,
                           apply->latest.last_update_status_reason);
        if (code)
            text_append_string(code, apply->latest.last_update_status_reason_code);
        result = CHANGE_REFUSED;
    } else {
        expect_change(apply, change);
        if (!latest_is_expected(apply, problem))
            result = CHANGE_FOREIGN;
    }
    return result;
}

/* After a response that does not say what happened, or says that $LATEST has another revision: reads $LATEST
 * again. CHANGE_FAILED with no problem: nothing has changed, the request can be sent again. CHANGE_MADE: it
 * has the new values. CHANGE_FOREIGN: somebody else has changed it. */
static enum change_result read_again(struct apply *apply, const struct function_change *change,
                                     struct text *problem) {
    enum change_result result = CHANGE_FAILED;
    text_clear(problem);
    if (!latest_read(apply, problem))
        return result;
    if (has_values(&apply->latest, change))
        result = CHANGE_MADE;
    else if (!latest_is_expected(apply, problem))
        result = CHANGE_FOREIGN;
    return result;
}

static enum change_result try_change(struct apply *apply, const struct function_change *wanted,
                                     struct text *code, struct text *problem) {
    struct aws_client *client = apply->session.lambda;
    struct aws_deadline deadline = aws_deadline_start(client);
    struct aws_response response = AWS_RESPONSE_INIT;
    struct function_configuration updated = {0};
    int64_t give_up = monotonic_ms() + SETTLE_MS;
    enum change_result result = CHANGE_FAILED;
    for (bool again = true; again;) {
        struct function_change change = *wanted;
        change.revision_id = *apply->latest.revision_id ? apply->latest.revision_id : NULL;
        bool done = lambda_update_configuration(client, apply->plan.lambda_arn, &change, &deadline, &updated,
                                                &response);
        again = false;
        if (done) {
            result = settle(apply, wanted, code, problem);
        } else if (response.result == AWS_LOST || aws_has_code(&response, "PreconditionFailedException") ||
                   aws_has_code(&response, "ResourceConflictException")) {
            bool conflict = aws_has_code(&response, "ResourceConflictException");
            struct text why = TEXT_INIT;
            aws_describe(&response, &why);
            result = read_again(apply, wanted, problem);
            if (result == CHANGE_MADE)
                result = settle(apply, wanted, code, problem);
            else if (result == CHANGE_FAILED && !problem->length) {
                /* While somebody else's update is in progress, wait longer than after a fault. */
                if (conflict && monotonic_ms() < give_up)
                    deadline = aws_deadline_start(client);
                again = aws_wait_to_retry(client, &deadline, 0);
                if (!again)
                    text_append(problem, text_string(&why), why.length);
            }
            text_release(&why);
        } else if (aws_is_refused(&response)) {
            result = refuse(&response, code, problem);
        } else {
            aws_describe(&response, problem);
        }
    }
    function_configuration_release(&updated);
    aws_response_release(&response);
    return result;
}

enum change_result latest_change(struct apply *apply, const char *action,
                                 const struct function_change *change, struct text *code,
                                 struct text *problem) {
    struct text members = TEXT_INIT;
    bool restoring = strcmp(action, "restore") == 0;
    if (!latest_is_expected(apply, problem))
        return CHANGE_FOREIGN;
    append_members(change, &members);
    enum change_result result = CHANGE_FAILED;
    if (!journal_write(&apply->journal, action, "intent", members.bytes) && !restoring) {
        journal_describe_failure(&apply->journal, problem);
    } else {
        result = try_change(apply, change, code, problem);
        const char *phase = result == CHANGE_MADE ? "outcome" : result == CHANGE_REFUSED ? "refused" : NULL;
        /* Restoring continues without a journal: its changes can be seen in the function itself. */
        if (phase && !journal_write(&apply->journal, action, phase, members.bytes) && !restoring) {
            journal_describe_failure(&apply->journal, problem);
            result = CHANGE_FAILED;
        }
    }
    text_release(&members);
    return result;
}
