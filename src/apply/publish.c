#include "apply/publish.h"

#include "apply/wake.h"

#include "tune/marker.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONFLICT_MS = 5 * 60 * 1000 };

/* ---- one version ---- */

/* After a lost response: the version was published if one with its description exists. */
static enum change_result look_for_version(struct apply *apply, const struct publishing *publishing,
                                           struct published *published, struct text *problem) {
    struct version_list list;
    enum change_result result = CHANGE_FAILED;
    if (!versions_read(apply, &list, problem))
        return result;
    for (size_t i = list.count; i-- > 0;)
        if (strcmp(list.versions[i].description, publishing->description) == 0 &&
            strtoll(list.versions[i].version, NULL, 10) > publishing->newer_than) {
            function_configuration_release(&published->version);
            published->version = list.versions[i];
            list.versions[i] = (struct function_configuration){0};
            result = CHANGE_MADE;
            break;
        }
    version_list_release(&list);
    return result;
}

/* Reads $LATEST again: CHANGE_FOREIGN when somebody else has changed it, else CHANGE_FAILED: publish
 * again. */
static enum change_result look_again(struct apply *apply, struct text *problem) {
    return latest_read(apply, problem) && !latest_is_expected(apply, problem) ? CHANGE_FOREIGN
                                                                              : CHANGE_FAILED;
}

static enum change_result try_publish(struct apply *apply, const struct publishing *publishing,
                                      struct published *published, struct text *code, struct text *problem) {
    struct aws_client *client = apply->session.lambda;
    struct aws_deadline deadline = aws_deadline_start(client);
    struct aws_response response = AWS_RESPONSE_INIT;
    int64_t give_up = monotonic_ms() + CONFLICT_MS;
    enum change_result result = CHANGE_FAILED;
    for (bool again = true; again;) {
        bool done = lambda_publish_version(client, apply->plan.lambda_arn, publishing->description,
                                           apply->latest.revision_id, apply->latest.code_sha256, &deadline,
                                           &published->version, &response);
        bool conflict = aws_has_code(&response, "ResourceConflictException");
        again = false;
        text_clear(problem);
        if (done) {
            result = CHANGE_MADE;
            break;
        }
        if (response.result == AWS_LOST)
            result = look_for_version(apply, publishing, published, problem);
        if (result == CHANGE_MADE)
            break;
        if (response.result == AWS_LOST || conflict ||
            aws_has_code(&response, "PreconditionFailedException")) {
            if (!problem->length)
                result = look_again(apply, problem);
            if (problem->length)
                break;
            if (conflict && monotonic_ms() < give_up)
                deadline = aws_deadline_start(client);
            again = aws_wait_to_retry(client, &deadline, 0);
        }
        if (!again) {
            aws_describe(&response, problem);
            if (aws_is_refused(&response))
                result = CHANGE_REFUSED;
            text_append_string(code, text_string(&response.code));
        }
    }
    aws_response_release(&response);
    return result;
}

/* The published version must have the expected memory size and code. A borrowed one has another
 * description. */
static enum change_result check_published(struct apply *apply, const struct publishing *publishing,
                                          struct published *published, struct text *problem) {
    const struct function_configuration *version = &published->version, *expected = &apply->expected;
    if (version->memory_size != expected->memory_size ||
        strcmp(version->code_sha256, expected->code_sha256) != 0) {
        text_append_format(problem,
                           "version %s has %lld MB or other code: somebody else has changed the function",
                           version->version, version->memory_size);
        return CHANGE_FOREIGN;
    }
    published->borrowed = strcmp(version->description, publishing->description) != 0 ||
                          strtoll(version->version, NULL, 10) <= publishing->newer_than;
    return CHANGE_MADE;
}

enum change_result publish_version(struct apply *apply, const struct publishing *publishing,
                                   struct published *published, struct text *code, struct text *problem) {
    struct text outcome = TEXT_INIT;
    if (!latest_is_expected(apply, problem))
        return CHANGE_FOREIGN;
    if (!journal_write(&apply->journal, publishing->action, "intent", publishing->members)) {
        journal_describe_failure(&apply->journal, problem);
        return CHANGE_FAILED;
    }
    enum change_result result = try_publish(apply, publishing, published, code, problem);
    if (result == CHANGE_MADE)
        result = check_published(apply, publishing, published, problem);
    if (result == CHANGE_MADE || result == CHANGE_REFUSED) {
        json_put_string(&outcome, "version", result == CHANGE_MADE ? published->version.version : NULL);
        if (published->borrowed)
            json_put_boolean(&outcome, "borrowed", true);
        if (!journal_write(&apply->journal, publishing->action, result == CHANGE_MADE ? "outcome" : "refused",
                           text_string(&outcome))) {
            journal_describe_failure(&apply->journal, problem);
            result = CHANGE_FAILED;
        }
    }
    text_release(&outcome);
    return result;
}

/* ---- one configuration ---- */

struct configuration {
    long long memory_mb, index;
};

static bool read_configuration(struct record_reader *reader, const struct record *record,
                               struct configuration *configuration) {
    static const struct field fields[] = {
        {"power", FIELD_WHOLE, offsetof(struct configuration, memory_mb), true, 1, 32768},
        {"index", FIELD_WHOLE, offsetof(struct configuration, index), false, 0, 1e6},
    };
    struct text problem = TEXT_INIT;
    *configuration = (struct configuration){0, -1};
    bool read =
        record_fields(record->object, fields, sizeof fields / sizeof *fields, configuration, &problem);
    if (!read)
        record_report(reader, record, problem.bytes);
    text_release(&problem);
    return read;
}

/* Writes a record that this memory size is not available; the run continues with the others. */
static void exclude(const struct configuration *configuration, const char *kind, const struct text *code,
                    const struct text *problem, struct output *output) {
    struct text record = TEXT_INIT;
    text_append_byte(&record, '{');
    json_put_string(&record, "type", "failure");
    json_put_number(&record, "power", (double)configuration->memory_mb);
    if (configuration->index >= 0)
        json_put_number(&record, "index", (double)configuration->index);
    json_put_string(&record, "kind", kind);
    json_put_boolean(&record, "excluded", true);
    json_put_string(&record, "errorType", text_string(code));
    json_put_string(&record, "message", text_string(problem));
    text_append_byte(&record, '}');
    output_line(output, record.bytes, record.length);
    text_release(&record);
}

static void pass_on(const struct apply *apply, const struct record *record, const struct published *published,
                    struct output *output) {
    struct text added = TEXT_INIT, line = TEXT_INIT;
    text_append_byte(&added, '{');
    json_put_string(&added, "version", published->version.version);
    json_put_string(&added, "revisionId", apply->latest.revision_id);
    if (*published->version.state && strcmp(published->version.state, "Active") != 0)
        json_put_string(&added, "state", published->version.state);
    if (published->borrowed)
        json_put_boolean(&added, "borrowed", true);
    text_append_byte(&added, '}');
    record_extend(&line, record->object, (struct span){added.bytes, added.length});
    output_line(output, line.bytes, line.length);
    text_release(&added);
    text_release(&line);
}

/* The description of $LATEST during a trial contains the original settings, so that the function alone is
 * enough to restore them. It is longer than the marker: a version that somebody else publishes meanwhile is
 * not taken for one of the run. */
static void describe_trial(const struct plan *plan, const char *marker, struct text *description) {
    struct trial trial = {.memory_size = plan->memory_size,
                          .timeout = plan->timeout,
                          .trial_timeout = plan->trial_timeout,
                          .description = plan->description};
    struct span level;
    if (*plan->trial_logging_config && json_member(span_of(plan->logging_config), "SystemLogLevel", &level))
        snprintf(trial.log_level, sizeof trial.log_level, "%.*s", (int)level.length - 2, level.start + 1);
    marker_describe(marker, &trial, description);
}

/* The versions that this run has published before, when a plan is published again. */
struct earlier {
    struct version_list list;
    bool looked;
};

/* Lists the versions once. Not needed when the journal is empty: then nothing was published. */
static bool look_for_earlier(struct apply *apply, struct earlier *earlier, struct text *problem) {
    bool fresh = apply->journal.fd >= 0 && !apply->journal.state.changed;
    bool done = earlier->looked || fresh || versions_read(apply, &earlier->list, problem);
    earlier->looked = true;
    return done;
}

/* Moves the earlier version with this marker, memory size and the expected code to `published`. False when
 * there is none. */
static bool take_earlier(const struct apply *apply, struct earlier *earlier, long long memory_mb,
                         const char *marker, struct published *published) {
    for (size_t i = 0; i < earlier->list.count; i++) {
        struct function_configuration *version = &earlier->list.versions[i];
        if (version->version && strcmp(version->description, marker) == 0 &&
            version->memory_size == memory_mb &&
            strcmp(version->code_sha256, apply->expected.code_sha256) == 0) {
            published->version = *version;
            *version = (struct function_configuration){0};
            return true;
        }
    }
    return false;
}

static enum change_result set_latest(struct apply *apply, const struct configuration *configuration,
                                     const char *marker, struct text *code, struct text *problem) {
    struct function_change change = FUNCTION_CHANGE_INIT;
    struct text description = TEXT_INIT;
    enum change_result result = CHANGE_MADE;
    if (apply->expected.memory_size != configuration->memory_mb)
        change.memory_size = configuration->memory_mb;
    if (apply->plan.trial_timeout && apply->expected.timeout != apply->plan.trial_timeout)
        change.timeout = apply->plan.trial_timeout;
    if (*apply->plan.trial_logging_config && strcmp(apply->expected.system_log_level, TRIAL_LOG_LEVEL) != 0)
        change.logging_config = apply->plan.trial_logging_config;
    /* With onlyColdStarts, each version needs a change of its own. */
    if (change.memory_size >= 0 || configuration->index >= 0 || change.timeout >= 0 ||
        change.logging_config) {
        describe_trial(&apply->plan, marker, &description);
        change.description = description.bytes;
        result = latest_change(apply, "update", &change, code, problem);
    }
    text_release(&description);
    return result;
}

/* True for a refusal that means: this memory size is not allowed. Every other one means that the function
 * cannot be updated at all. An update that fails later has a reason code instead of an error code. */
static bool is_about_memory_mb(const struct text *code, const struct text *problem) {
    size_t length = code->length, suffix = strlen("Exception");
    bool refused = length > suffix && strcmp(code->bytes + length - suffix, "Exception") == 0;
    return length && (!refused || (strcmp(code->bytes, "InvalidParameterValueException") == 0 &&
                                   strstr(text_string(problem), "emory")));
}

static enum change_result publish_one(struct apply *apply, const struct record *record,
                                      const struct configuration *configuration, struct earlier *earlier,
                                      struct output *output, struct text *problem) {
    struct text marker = TEXT_INIT, members = TEXT_INIT, code = TEXT_INIT;
    struct published published = {0};
    plan_marker(apply->plan.run_id, configuration->memory_mb, configuration->index, &marker);
    json_put_number(&members, "power", (double)configuration->memory_mb);
    json_put_string(&members, "description", marker.bytes);
    enum change_result result = CHANGE_FAILED;
    bool taken = false;
    if (look_for_earlier(apply, earlier, problem)) {
        taken = take_earlier(apply, earlier, configuration->memory_mb, marker.bytes, &published);
        result = taken ? CHANGE_MADE : set_latest(apply, configuration, marker.bytes, &code, problem);
    }
    if (taken) {
        pass_on(apply, record, &published, output);
    } else if (result == CHANGE_REFUSED && is_about_memory_mb(&code, problem)) {
        exclude(configuration, "notPublished", &code, problem, output);
        result = latest_read(apply, problem) ? CHANGE_MADE : CHANGE_FAILED;
    } else if (result == CHANGE_MADE) {
        struct publishing publishing = {"publish", members.bytes, marker.bytes, 0};
        result = publish_version(apply, &publishing, &published, &code, problem);
        if (result == CHANGE_MADE)
            result = latest_read(apply, problem) ? CHANGE_MADE : CHANGE_FAILED;
        if (result == CHANGE_MADE)
            pass_on(apply, record, &published, output);
    }
    function_configuration_release(&published.version);
    text_release(&marker);
    text_release(&members);
    text_release(&code);
    return result;
}

/* ---- the stream ---- */

/* Checks that the function is as the plan says: otherwise another function than the checked one would be
 * measured. */
static bool begin(struct apply *apply) {
    struct text problem = TEXT_INIT, what = TEXT_INIT;
    const struct plan *plan = &apply->plan;
    bool same = latest_read(apply, &problem) && wake_function(apply, &problem);
    if (!same) {
        report_error("%s: %s", plan->function_name, text_string(&problem));
    } else {
        latest_expect(apply);
        struct function_configuration *expected = &apply->expected;
        struct function_configuration planned = *expected;
        planned.memory_size = plan->memory_size;
        planned.description = plan->description;
        planned.timeout = plan->timeout;
        planned.logging_config = *plan->logging_config ? plan->logging_config : expected->logging_config;
        planned.code_sha256 = *plan->code_sha256 ? plan->code_sha256 : expected->code_sha256;
        planned.comparable = *plan->configuration_sha256 ? plan->configuration_sha256 : expected->comparable;
        struct function_configuration kept = *expected;
        *expected = planned;
        same = !latest_is_foreign(apply, &what);
        *expected = kept;
        if (!same)
            report_error("%s: somebody else has changed the function since the plan was made (%s)",
                         plan->function_name, what.bytes);
    }
    text_release(&problem);
    text_release(&what);
    return same;
}

/* True for a configuration whose version was published in an earlier round. */
static bool has_version(const struct record *record) {
    struct span version;
    return record_is(record, "configuration") && json_member(record->object, "version", &version) &&
           json_type(version) == JSON_STRING;
}

static int publish_record(struct apply *apply, struct record_reader *reader, const struct record *record,
                          struct earlier *earlier, struct output *output) {
    struct configuration configuration;
    struct text problem = TEXT_INIT;
    if (!read_configuration(reader, record, &configuration))
        return STATUS_FAILED;
    /* Only onlyColdStarts needs a version for each index. */
    if (!apply->plan.only_cold_starts)
        configuration.index = -1;
    enum change_result result = publish_one(apply, record, &configuration, earlier, output, &problem);
    if (result != CHANGE_MADE)
        report_error("%s: cannot publish a version of %lld MB: %s", apply->plan.function_name,
                     configuration.memory_mb, text_string(&problem));
    text_release(&problem);
    return result == CHANGE_MADE ? STATUS_DONE : STATUS_FAILED;
}

int publish_configurations(struct apply *apply, struct record_reader *reader, struct output *output,
                           const volatile sig_atomic_t *stopped) {
    struct record record;
    struct earlier earlier = {.looked = false};
    enum record_result read = RECORD_END;
    int status = begin(apply) ? STATUS_DONE : STATUS_FAILED;
    while (status == STATUS_DONE && !*stopped && (read = record_next(reader, &record)) == RECORD_READ) {
        if (record_is(&record, "configuration") && !has_version(&record))
            status = publish_record(apply, reader, &record, &earlier, output);
        else
            output_line(output, record.object.start, record.object.length);
        if (!output_flush(output))
            status = STATUS_FAILED;
    }
    if (read == RECORD_BAD)
        status = apply->journal.state.changed ? STATUS_FAILED : STATUS_USAGE;
    version_list_release(&earlier.list);
    return status;
}
