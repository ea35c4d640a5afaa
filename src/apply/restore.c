#include "apply/restore.h"

#include "tune/marker.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_trial_memory_mb(const struct plan *plan, long long memory) {
    for (size_t i = 0; i < plan->memory_size_count; i++)
        if (plan->memory_sizes[i] == memory)
            return true;
    return false;
}

static bool memory_is_ours(const struct apply *apply, long long memory) {
    char token[32];
    if (!apply->journal.state.changed && apply->journal.fd < 0)
        return is_trial_memory_mb(&apply->plan, memory);
    snprintf(token, sizeof token, "%lld", memory);
    return journal_has_value(&apply->journal.state.memory, token);
}

static bool description_is_ours(const struct apply *apply, const char *description) {
    struct text token = TEXT_INIT;
    json_append_string(&token, span_of(description));
    bool ours = journal_has_value(&apply->journal.state.description, token.bytes) ||
                is_marker(description, apply->plan.run_id);
    text_release(&token);
    return ours;
}

static bool timeout_is_ours(const struct apply *apply, long long timeout) {
    char token[32];
    if (!apply->journal.state.changed && apply->journal.fd < 0)
        return timeout == apply->plan.trial_timeout;
    snprintf(token, sizeof token, "%lld", timeout);
    return journal_has_value(&apply->journal.state.timeout, token);
}

/* The run changes only the level of the LoggingConfig; its other members stay as they are now. */
static bool log_level_is_ours(const struct apply *apply, struct span *original) {
    const struct plan *plan = &apply->plan;
    bool written = apply->journal.state.logging_config.count > 0 ||
                   (!apply->journal.state.changed && apply->journal.fd < 0);
    return *plan->trial_logging_config && written &&
           strcmp(apply->latest.system_log_level, TRIAL_LOG_LEVEL) == 0 &&
           json_member(span_of(plan->logging_config), "SystemLogLevel", original) &&
           !json_string_is(*original, TRIAL_LOG_LEVEL);
}

/* Writes the current LoggingConfig with the original level to `logging`, when the level must be restored. */
static void plan_logging(const struct apply *apply, struct function_change *change, struct text *logging) {
    struct span level;
    struct text member = TEXT_INIT;
    if (!log_level_is_ours(apply, &level))
        return;
    text_append_byte(&member, '{');
    json_put_value(&member, "SystemLogLevel", level);
    text_append_byte(&member, '}');
    text_clear(logging);
    record_extend(logging, span_of(apply->latest.logging_config), (struct span){member.bytes, member.length});
    change->logging_config = logging->bytes;
    text_release(&member);
}

/* Computes the change that restores $LATEST; false when none is needed. Changes by somebody else are appended
 * to `foreign`. */
static bool plan_restoring(const struct apply *apply, struct function_change *change, struct text *logging,
                           struct text *foreign) {
    const struct function_configuration *now = &apply->latest;
    const struct plan *plan = &apply->plan;
    *change = (struct function_change)FUNCTION_CHANGE_INIT;
    if (now->memory_size != plan->memory_size) {
        if (memory_is_ours(apply, now->memory_size))
            change->memory_size = plan->memory_size;
        else
            text_append_format(foreign, "; its memory is %lld MB now", now->memory_size);
    }
    if (strcmp(now->description, plan->description) != 0) {
        if (description_is_ours(apply, now->description))
            change->description = plan->description;
        else
            text_append_string(foreign, "; its description is different now");
    }
    bool code = *plan->code_sha256 && strcmp(now->code_sha256, plan->code_sha256) != 0;
    if (code)
        text_append_string(foreign, "; its code is different now");
    else if (*plan->configuration_sha256 && strcmp(now->comparable, plan->configuration_sha256) != 0)
        text_append_string(foreign, "; its configuration is different now");
    if (now->timeout != plan->timeout) {
        if (timeout_is_ours(apply, now->timeout))
            change->timeout = plan->timeout;
        else
            text_append_format(foreign, "; its timeout is %lld s now", now->timeout);
    }
    plan_logging(apply, change, logging);
    return change->memory_size >= 0 || change->description || change->timeout >= 0 || change->logging_config;
}

static int fail(const struct apply *apply, const struct text *why) {
    report_error("%s: cannot restore $LATEST to %lld MB: %s", apply->plan.function_name,
                 apply->plan.memory_size, text_string(why));
    return STATUS_NOT_RESTORED;
}

/* Reads $LATEST and restores it once. */
static int restore_once(struct apply *apply, bool *changed, struct text *foreign) {
    struct function_change change;
    struct text problem = TEXT_INIT, logging = TEXT_INIT;
    int status = STATUS_DONE;
    text_clear(foreign);
    *changed = false;
    if (!latest_read(apply, &problem)) {
        status = fail(apply, &problem);
    } else if (plan_restoring(apply, &change, &logging, foreign)) {
        latest_expect(apply);
        enum change_result result = latest_change(apply, "restore", &change, NULL, &problem);
        *changed = result == CHANGE_MADE || result == CHANGE_FOREIGN;
        if (result == CHANGE_REFUSED || result == CHANGE_FAILED)
            status = fail(apply, &problem);
    }
    text_release(&logging);
    text_release(&problem);
    return status;
}

int restore_latest(struct apply *apply) {
    enum { MAX_ROUNDS = 5 };
    struct text foreign = TEXT_INIT;
    bool unresolved = apply->journal.state.unresolved, was_restored = apply->journal.state.restored;
    bool changed = false, ever_changed = false;
    int status = STATUS_DONE;
    for (int round = 0; round < MAX_ROUNDS; round++) {
        status = restore_once(apply, &changed, &foreign);
        ever_changed = ever_changed || changed;
        if (status != STATUS_DONE || (!changed && !unresolved))
            break;
        if (!changed && unresolved) {
            latest_await_stragglers(apply);
            unresolved = false;
        }
    }
    if (foreign.length)
        report_warning("%s: somebody else has changed the function%s; these changes were not overwritten",
                       apply->plan.function_name, foreign.bytes);
    if (ever_changed && apply->verbose)
        report_notice("%s: restored $LATEST to %lld MB", apply->plan.function_name,
                      apply->latest.memory_size);
    if (status == STATUS_DONE && !was_restored && !ever_changed && apply->journal.state.changed)
        journal_write(&apply->journal, "restore", "outcome", "");
    text_release(&foreign);
    return status;
}
