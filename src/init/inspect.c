#include "init/inspect.h"

#include "aws/arn.h"
#include "tune/marker.h"

#include <string.h>

enum { UPDATE_WAIT_MS = 5 * 60 * 1000, POLL_FIRST_MS = 50, MAX_POLL_MS = 5000 };

void function_state_release(struct function_state *state) {
    function_configuration_release(&state->latest);
    present_release(&state->present);
}

static bool refuse(struct text *problems, const char *function, const char *why) {
    text_append_format(problems, "%s: %s\n", function, why);
    return false;
}

static bool refuse_response(struct text *problems, const char *what, const struct aws_response *response) {
    text_append_format(problems, "%s: ", what);
    aws_describe(response, problems);
    text_append_byte(problems, '\n');
    return false;
}

/* Reads $LATEST, and waits for the end of an update: a deployment may be in progress. */
static bool read_settled(struct aws_session *session, const char *function,
                         struct function_configuration *latest, struct text *problems) {
    struct aws_response response = AWS_RESPONSE_INIT;
    int64_t give_up = monotonic_ms() + UPDATE_WAIT_MS, pause = POLL_FIRST_MS;
    bool read;
    for (;;) {
        read = lambda_get_function(session->lambda, function, NULL, latest, &response);
        if (!read || strcmp(latest->last_update_status, "InProgress") != 0 || monotonic_ms() >= give_up)
            break;
        sleep_ms(pause);
        pause = pause * 2 < MAX_POLL_MS ? pause * 2 : MAX_POLL_MS;
    }
    if (!read)
        refuse_response(problems, function, &response);
    aws_response_release(&response);
    return read;
}

bool logs_too_little(const struct function_configuration *latest) {
    return strcmp(latest->log_format, "JSON") == 0 && strcmp(latest->system_log_level, "WARN") == 0;
}

/* True unless the kind or state of the function makes a change of memory or a measurement impossible or
 * meaningless. */
static bool judge(const struct function_configuration *latest, const struct inspect_options *options,
                  struct text *problems) {
    const char *function = options->function;
    size_t before = problems->length;
    if (*latest->master_arn)
        refuse(problems, function, "is a Lambda@Edge replica; tune the original function instead");
    if (latest->has_capacity_provider)
        refuse(
            problems, function,
            "runs on a capacity provider (managed instances), where the memory size does not set the price");
    if (latest->is_durable)
        refuse(problems, function, "is a durable function, whose invocations cannot be measured one by one");
    if (latest->has_tenancy && !options->tenant_id)
        refuse(problems, function, "isolates its tenants: name a tenant with --tenant-id");
    if (strcmp(latest->state, "Failed") == 0 || strcmp(latest->state, "Pending") == 0 ||
        strcmp(latest->state, "Deleting") == 0)
        text_append_format(problems, "%s: is in the state %s%s%s\n", function, latest->state,
                           *latest->state_reason ? ": " : "", latest->state_reason);
    if (strcmp(latest->last_update_status, "InProgress") == 0)
        refuse(problems, function, "an update has been in progress for 5 minutes");
    if (latest->reserved_concurrency == 0)
        refuse(problems, function, "has a reserved concurrency of 0: every invocation would be throttled");
    if (logs_too_little(latest) && !options->allow_log_level)
        refuse(problems, function,
               "logs too little: with SystemLogLevel WARN its JSON log has no report of a successful "
               "invocation; --allow-log-level sets INFO for the run and restores WARN after it");
    return problems->length == before;
}

/* A version or a description with a marker means that another run was killed, or is in progress on another
 * machine. With --force the run continues, but not while $LATEST has a trial size: that would be taken for
 * the function's own size. */
static bool check_remains(const struct version_list *list, const struct inspect_options *options,
                          const struct function_state *state, struct text *problems, struct text *warnings) {
    size_t found = 0;
    struct text newest = TEXT_INIT;
    bool in_trial = is_marker(state->latest.description, NULL);
    if (in_trial)
        marker_run_id(state->latest.description, &newest);
    for (size_t i = 0; i < list->count; i++)
        if (is_whole_marker(list->versions[i].description, NULL)) {
            found++;
            text_clear(&newest);
            marker_run_id(list->versions[i].description, &newest);
        }
    bool clean = !newest.length;
    if (!clean) {
        struct text *out = options->force && !in_trial ? warnings : problems;
        text_append_format(out, "%s: ", options->function);
        if (in_trial)
            text_append_string(out, "has a trial size of another run, which began ");
        else
            text_append_format(out, "has %zu version%s of another run, which began ", found,
                               found == 1 ? "" : "s");
        marker_age(newest.bytes, time(NULL), out);
        text_append_format(
            out, ": it may be in progress on another machine; if not: power-tune --recover --function %s\n",
            options->function);
    }
    text_release(&newest);
    return clean || (options->force && !in_trial);
}

static bool read_versions(struct aws_session *session, const struct inspect_options *options,
                          struct function_state *state, struct text *problems, struct text *warnings) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct version_list list;
    if (!lambda_list_versions(session->lambda, options->function, &list, &response)) {
        refuse_response(problems, options->function, &response);
        aws_response_release(&response);
        return false;
    }
    aws_response_release(&response);
    if (list.count)
        state->newest_version_memory = list.versions[list.count - 1].memory_size;
    bool usable = check_remains(&list, options, state, problems, warnings);
    version_list_release(&list);
    return usable;
}

/* A version or alias is tuned through $LATEST, so $LATEST must be the same except for its memory size. */
static bool check_qualifier(struct aws_session *session, const struct inspect_options *options,
                            const struct function_state *state, struct text *problems) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct function_configuration named = {0};
    bool same = true;
    if (!*options->qualifier || strcmp(options->qualifier, "$LATEST") == 0)
        return true;
    if (!lambda_get_configuration(session->lambda, options->function, options->qualifier, &named, &response))
        same = refuse_response(problems, options->qualifier, &response);
    else if (strcmp(named.comparable, state->latest.comparable) != 0 ||
             named.timeout != state->latest.timeout ||
             strcmp(named.logging_config, state->latest.logging_config) != 0)
        same = refuse(problems, options->qualifier,
                      "cannot be tuned through $LATEST, which has other code or another configuration");
    function_configuration_release(&named);
    aws_response_release(&response);
    return same;
}

static bool check_alias(struct aws_session *session, const struct inspect_options *options,
                        const struct tuning_input *input, struct text *problems) {
    if (!input->auto_optimize || !input->auto_optimize_alias.start)
        return true;
    struct text name = TEXT_INIT;
    struct alias alias = {0};
    struct aws_response response = AWS_RESPONSE_INIT;
    bool usable = true;
    json_decode_string(input->auto_optimize_alias, &name);
    if (lambda_get_alias(session->lambda, options->function, name.bytes, &alias, &response)) {
        usable = !alias.additional_version;
        if (!usable)
            text_append_format(
                problems,
                "autoOptimizeAlias: the alias %s sends part of its invocations to another version; end "
                "this routing first\n",
                name.bytes);
    } else if (strcmp(text_string(&response.code), "ResourceNotFoundException") != 0) {
        usable = refuse_response(problems, "autoOptimizeAlias", &response);
    }
    alias_release(&alias);
    aws_response_release(&response);
    text_release(&name);
    return usable;
}

/* Finds what the sizes are compared with. An alias that shares its invocations between two versions is
 * compared at the version with the larger share. */
static bool find_present(struct aws_session *session, const struct inspect_options *options,
                         const struct tuning_input *input, struct function_state *state,
                         struct text *problems, struct text *warnings) {
    struct present *present = &state->present;
    if (!present_find(session, options->function, options->qualifier, input, present, problems))
        return false;
    if (present->count > 1) {
        present_describe(present, warnings);
        text_append_format(warnings, "; the sizes are compared with version %s\n",
                           present->versions[0].version);
    }
    return true;
}

/* Checks the limits of the account. A parallel run gets half of the free concurrency; the rest is for
 * production. The versions of onlyColdStarts must fit into the code storage. Nothing is checked when the
 * account settings cannot be read. */
static bool check_account(struct aws_session *session, const struct tuning_input *input,
                          struct function_state *state, struct text *problems) {
    struct account_settings account = {-1, -1, -1, 0};
    struct aws_response response = AWS_RESPONSE_INIT;
    const struct function_configuration *latest = &state->latest;
    long long available = latest->reserved_concurrency;
    bool fits = true;
    if ((input->parallel_invocation || input->only_cold_starts) &&
        lambda_get_account_settings(session->lambda, &account, &response)) {
        long long versions = input->only_cold_starts ? input->num * (long long)input->memory_size_count : 0;
        long long wanted = strcmp(latest->package_type, "Image") == 0 ? 0 : versions * latest->code_size;
        if (account.total_code_size > 0 && wanted > account.total_code_size - account.used_code_size) {
            text_append_format(
                problems,
                "onlyColdStarts: %lld versions of %lld bytes do not fit into the account's code storage "
                "(%lld of %lld bytes are used)\n",
                versions, latest->code_size, account.used_code_size, account.total_code_size);
            fits = false;
        }
        if (available < 0)
            available = account.unreserved_concurrent_executions;
    }
    if (available > 0)
        state->concurrency = available > 1 ? available / 2 : 1;
    aws_response_release(&response);
    return fits;
}

bool inspect_function(struct aws_session *session, const struct inspect_options *options,
                      const struct tuning_input *input, struct function_state *state, struct text *problems,
                      struct text *warnings) {
    *state = (struct function_state){0};
    if (!read_settled(session, options->function, &state->latest, problems))
        return false;
    bool usable = judge(&state->latest, options, problems);
    usable = check_qualifier(session, options, state, problems) && usable;
    usable = check_alias(session, options, input, problems) && usable;
    usable = usable && find_present(session, options, input, state, problems, warnings);
    if (!usable || !read_versions(session, options, state, problems, warnings))
        return false;
    return check_account(session, input, state, problems);
}

/* ---- processors ---- */

bool inspect_processor(struct aws_session *session, const char *parameter, struct span arn,
                       struct text *problems) {
    struct text text = TEXT_INIT, why = TEXT_INIT, function = TEXT_INIT;
    struct function_name name = {0};
    struct function_configuration configuration = {0};
    struct aws_response response = AWS_RESPONSE_INIT;
    bool usable = false;
    json_decode_string(arn, &text);
    if (!function_name_parse((struct span){text.bytes, text.length}, &name, &why)) {
        text_append_format(problems, "%s: %s\n", parameter, why.bytes);
    } else {
        function_name_identifier(&name, &function);
        /* Permission to invoke does not include permission to read. DryRun needs only the former. */
        usable = lambda_get_configuration(session->lambda, function.bytes, name.qualifier, &configuration,
                                          &response) ||
                 (strcmp(text_string(&response.code), "ResourceNotFoundException") != 0 &&
                  lambda_dry_run(session->lambda, function.bytes, name.qualifier, &response));
        if (!usable)
            refuse_response(problems, parameter, &response);
        function_name_release(&name);
    }
    function_configuration_release(&configuration);
    aws_response_release(&response);
    text_release(&text);
    text_release(&why);
    text_release(&function);
    return usable;
}
