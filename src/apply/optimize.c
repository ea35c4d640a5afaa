#include "apply/optimize.h"

#include "apply/clean.h"
#include "apply/publish.h"
#include "apply/restore.h"
#include "util/diagnostics.h"
#include "util/json.h"

#include <stdlib.h>
#include <string.h>

enum { ACTIVE_MS = 26 * 60 * 1000, POLL_FIRST_MS = 20, MAX_POLL_MS = 2000 };

/* ---- the alias ---- */

/* Reads the alias of the plan: 1 when it exists, 0 when not, -1 with the reason in `problem` when it cannot
 * be read. */
static int read_alias(struct apply *apply, struct alias *alias, struct text *problem) {
    struct aws_response response = AWS_RESPONSE_INIT;
    int there = 1;
    if (!lambda_get_alias(apply->session.lambda, apply->plan.lambda_arn, apply->plan.auto_optimize_alias,
                          alias, &response)) {
        there = aws_has_code(&response, "ResourceNotFoundException") ? 0 : -1;
        if (there < 0)
            aws_describe(&response, problem);
    }
    aws_response_release(&response);
    return there;
}

/* Points the alias at the version. After a lost response, it reads where the alias points. */
static bool point_alias(struct apply *apply, const char *version, struct text *problem) {
    struct aws_client *client = apply->session.lambda;
    const char *function = apply->plan.lambda_arn, *name = apply->plan.auto_optimize_alias;
    struct aws_deadline deadline = aws_deadline_start(client);
    struct aws_response response = AWS_RESPONSE_INIT;
    struct alias alias = {0};
    bool pointed = false;
    for (bool again = true; again && !pointed;) {
        text_clear(problem);
        int there = read_alias(apply, &alias, problem);
        pointed = there == 1 && strcmp(alias.function_version, version) == 0;
        again = false;
        if (there < 0 || pointed)
            break;
        if (alias.additional_version) {
            text_append_string(problem, "the alias sends part of its invocations to another version");
            break;
        }
        pointed = there == 1
                      ? lambda_update_alias(client, function, name, version, alias.revision_id, &deadline,
                                            &alias, &response)
                      : lambda_create_alias(client, function, name, version, &deadline, &alias, &response);
        bool look = response.result == AWS_LOST || aws_has_code(&response, "ResourceConflictException") ||
                    aws_has_code(&response, "PreconditionFailedException");
        again = !pointed && look && aws_wait_to_retry(client, &deadline, 0);
        if (!pointed && !again)
            aws_describe(&response, problem);
    }
    alias_release(&alias);
    aws_response_release(&response);
    return pointed;
}

/* ---- the version ---- */

static bool newest_version(struct apply *apply, long long *newest, struct text *problem) {
    struct version_list list;
    bool listed = versions_read(apply, &list, problem);
    *newest = list.count ? strtoll(list.versions[list.count - 1].version, NULL, 10) : 0;
    version_list_release(&list);
    return listed;
}

static bool wait_active(struct apply *apply, const char *version, struct text *problem) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct function_configuration configuration = {0};
    int64_t give_up = monotonic_ms() + ACTIVE_MS, pause = POLL_FIRST_MS;
    bool active = false, pending = true;
    while (pending) {
        if (!lambda_get_function(apply->session.lambda, apply->plan.lambda_arn, version, &configuration,
                                 &response)) {
            aws_describe(&response, problem);
            break;
        }
        active = !*configuration.state || strcmp(configuration.state, "Active") == 0;
        pending = strcmp(configuration.state, "Pending") == 0 && monotonic_ms() < give_up;
        if (!active && !pending)
            text_append_format(problem, "version %s is in the state %s: %s", version, configuration.state,
                               configuration.state_reason);
        if (pending)
            sleep_ms(pause);
        pause = pause * 2 < MAX_POLL_MS ? pause * 2 : MAX_POLL_MS;
    }
    function_configuration_release(&configuration);
    aws_response_release(&response);
    return active;
}

static bool publish_and_point(struct apply *apply, struct text *problem) {
    struct published published = {0};
    struct text members = TEXT_INIT, code = TEXT_INIT;
    long long newest = 0;
    bool done = newest_version(apply, &newest, problem);
    if (done) {
        json_put_number(&members, "newestVersion", (double)newest);
        struct publishing publishing = {"publishOptimized", members.bytes, apply->plan.description, newest};
        done = publish_version(apply, &publishing, &published, &code, problem) == CHANGE_MADE &&
               wait_active(apply, published.version.version, problem);
    }
    if (done) {
        text_clear(&members);
        json_put_string(&members, "alias", apply->plan.auto_optimize_alias);
        json_put_string(&members, "version", published.version.version);
        done = journal_write(&apply->journal, "alias", "intent", members.bytes);
        if (!done)
            journal_describe_failure(&apply->journal, problem);
        done = done && point_alias(apply, published.version.version, problem);
        if (done)
            journal_write(&apply->journal, "alias", "outcome", members.bytes);
    }
    function_configuration_release(&published.version);
    text_release(&members);
    text_release(&code);
    return done;
}

/* ---- undoing ---- */

/* True for a version that optimizing has published: its number is in the journal, or the response of
 * PublishVersion was lost and the version is exactly as it would be. */
static bool is_ours(const struct apply *apply, const struct function_configuration *version) {
    const struct journal_state *state = &apply->journal.state;
    long long number = strtoll(version->version, NULL, 10);
    if (state->optimize_newest < 0 || number <= state->optimize_newest)
        return false;
    for (size_t i = 0; i < state->version_count; i++)
        if (strcmp(state->versions[i], version->version) == 0)
            return true;
    return state->version_count == 0 && version->memory_size == state->optimize_memory_mb &&
           strcmp(version->code_sha256, apply->plan.code_sha256) == 0 &&
           strcmp(version->description, apply->plan.description) == 0;
}

static int undo(struct apply *apply) {
    bool done = apply->journal.state.optimize_newest < 0 || clean_selected(apply, is_ours);
    int restored = restore_latest(apply);
    return done ? restored : STATUS_NOT_RESTORED;
}

/* ---- the whole ---- */

/* True when the function is still as the plan describes it: the measurements hold only for that function. */
static bool is_as_planned(struct apply *apply, struct text *problem) {
    const struct plan *plan = &apply->plan;
    if (!latest_read(apply, problem))
        return false;
    const struct function_configuration *now = &apply->latest;
    latest_expect(apply);
    bool same = now->memory_size == plan->memory_size && now->timeout == plan->timeout &&
                strcmp(now->description, plan->description) == 0 &&
                (!*plan->code_sha256 || strcmp(now->code_sha256, plan->code_sha256) == 0) &&
                (!*plan->configuration_sha256 || strcmp(now->comparable, plan->configuration_sha256) == 0);
    if (!same)
        text_append_string(problem, "somebody else has changed the function since the plan was made");
    return same;
}

static bool change_function(struct apply *apply, long long memory_mb, struct text *problem) {
    struct function_change change = FUNCTION_CHANGE_INIT;
    change.memory_size = memory_mb;
    if (apply->latest.memory_size != memory_mb &&
        latest_change(apply, "update", &change, NULL, problem) != CHANGE_MADE)
        return false;
    return !*apply->plan.auto_optimize_alias || publish_and_point(apply, problem);
}

int optimize_function(struct apply *apply, long long memory_mb) {
    struct text problem = TEXT_INIT, members = TEXT_INIT;
    int status = STATUS_FAILED;
    bool begun = false, done = false;
    json_put_number(&members, "memorySizeMB", (double)memory_mb);
    json_put_string(&members, "alias",
                    *apply->plan.auto_optimize_alias ? apply->plan.auto_optimize_alias : NULL);
    if (is_as_planned(apply, &problem)) {
        begun = journal_write(&apply->journal, "optimize", "intent", members.bytes);
        if (!begun)
            journal_describe_failure(&apply->journal, &problem);
        done = begun && change_function(apply, memory_mb, &problem);
    }
    if (done) {
        journal_write(&apply->journal, "optimize", "outcome", members.bytes);
        status = STATUS_DONE;
    } else {
        report_error("%s: cannot set the memory size to %lld MB: %s", apply->plan.function_name, memory_mb,
                     text_string(&problem));
        int undone = begun ? undo(apply) : STATUS_DONE;
        status = undone > status ? undone : status;
    }
    text_release(&problem);
    text_release(&members);
    return status;
}

int optimize_recover(struct apply *apply) {
    const struct journal_state *state = &apply->journal.state;
    struct alias alias = {0};
    struct text problem = TEXT_INIT;
    int status = STATUS_DONE;
    if (!state->optimize_memory_mb || state->optimized)
        return STATUS_DONE;
    int there = state->alias && state->version_count ? read_alias(apply, &alias, &problem) : 0;
    bool points = false;
    for (size_t i = 0; there == 1 && i < state->version_count; i++)
        points = points || strcmp(alias.function_version, state->versions[i]) == 0;
    if (there < 0) {
        report_error("%s: cannot read the alias %s: %s", apply->plan.function_name, state->alias,
                     problem.bytes);
        status = STATUS_NOT_RESTORED;
    } else if (points) {
        journal_write(&apply->journal, "optimize", "outcome", "");
    } else {
        status = undo(apply);
    }
    alias_release(&alias);
    text_release(&problem);
    return status;
}
