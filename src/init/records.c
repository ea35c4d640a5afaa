#include "init/records.h"

#include "aws/sigv4.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* The id of a run: the time at which it began, and random digits for runs that begin in the same second. */
static void make_run_id(char id[32]) {
    unsigned char chance[3] = {0};
    char when[SIGV4_TIME_SIZE];
    sigv4_time(time(NULL), when);
    if (getrandom(chance, sizeof chance, 0) != (ssize_t)sizeof chance)
        memcpy(chance, &(pid_t){getpid()}, sizeof chance);
    snprintf(id, 32, "%s-%02x%02x%02x", when, chance[0], chance[1], chance[2]);
}

/* With disablePayloadLogs, the stages get the payload in a file of its own. The driver removes the file. */
static bool put_payload_file(const struct plan_source *source, const struct payload *payload, size_t position,
                             struct text *out) {
    const char *directory = source->run_dir;
    const char *temporary = getenv("TMPDIR");
    struct text path = TEXT_INIT;
    char hash[SHA256_HEX_SIZE];
    if (directory)
        text_append_format(&path, "%s/payload-%zu", directory, position);
    else
        text_append_format(&path, "%s/power-tune-payload-%ld-%zu",
                           temporary && *temporary ? temporary : "/tmp", (long)getpid(), position);
    bool written = file_write_durably(path.bytes, payload->body.bytes, payload->body.length);
    if (!written)
        report_error("cannot write the payload to '%s': %s", path.bytes, strerror(errno));
    sha256_hex(text_string(&payload->body), payload->body.length, hash);
    json_put_string(out, "payloadFile", path.bytes);
    json_put_number(out, "payloadBytes", (double)payload->body.length);
    json_put_string(out, "payloadSha256", hash);
    text_release(&path);
    return written;
}

static bool put_payload(const struct plan_source *source, size_t position, struct text *out) {
    const struct payload *payload = &source->payloads->payloads[position];
    if (source->input->disable_payload_logs)
        return put_payload_file(source, payload, position, out);
    json_put_span(out, "payload", (struct span){text_string(&payload->body), payload->body.length});
    return true;
}

static bool put_payloads(const struct plan_source *source, struct text *out) {
    bool put = true;
    const struct payload_list *list = source->payloads;
    if (list->use == PAYLOAD_SINGLE)
        return put_payload(source, 0, out);
    if (list->use != PAYLOAD_WEIGHTED)
        json_put_string(out, "payloadUse", payload_use_name(list->use));
    json_put_name(out, "payloads");
    text_append_byte(out, '[');
    for (size_t i = 0; put && i < list->count; i++) {
        json_separate(out);
        text_append_byte(out, '{');
        put = put_payload(source, i, out);
        if (list->use == PAYLOAD_WEIGHTED)
            json_put_number(out, "weight", list->payloads[i].weight);
        text_append_byte(out, '}');
    }
    text_append_byte(out, ']');
    return put;
}

static void put_parameters(const struct tuning_input *input, struct text *out) {
    json_put_number(out, "num", (double)input->num);
    json_put_name(out, "powerValues");
    text_append_byte(out, '[');
    for (size_t i = 0; i < input->memory_size_count; i++) {
        json_separate(out);
        json_append_number(out, (double)input->memory_sizes[i]);
    }
    text_append_byte(out, ']');
    json_put_value(out, "payloadS3", input->payload_s3);
    json_put_boolean(out, "parallelInvocation", input->parallel_invocation);
    json_put_value(out, "strategy", input->strategy.start ? input->strategy : span_of("\"cost\""));
    json_put_number(out, "balancedWeight", input->balanced_weight);
    json_put_boolean(out, "autoOptimize", input->auto_optimize);
    json_put_value(out, "autoOptimizeAlias", input->auto_optimize_alias);
    json_put_boolean(out, "dryRun", input->dry_run);
    json_put_value(out, "preProcessorARN", input->pre_processor_arn);
    json_put_value(out, "postProcessorARN", input->post_processor_arn);
    json_put_number(out, "discardTopBottom", input->discard_top_bottom);
    json_put_number(out, "sleepBetweenRunsMs", (double)input->sleep_between_runs_ms);
    json_put_boolean(out, "disablePayloadLogs", input->disable_payload_logs);
    json_put_boolean(out, "includeOutputResults", input->include_output_results);
    json_put_boolean(out, "onlyColdStarts", input->only_cold_starts);
    json_put_value(out, "allowedExceptions",
                   input->allowed_exceptions.start ? input->allowed_exceptions : span_of("[]"));
    json_put_value(out, "visualizationURL", input->visualization_url);
    if (input->until_sure > 0)
        json_put_number(out, "untilSure", input->until_sure);
}

bool append_plan(const struct plan_source *source, struct text *out) {
    const struct function_configuration *latest = &source->state->latest;
    char run_id[32];
    make_run_id(run_id);
    text_append_byte(out, '{');
    json_put_string(out, "type", "plan");
    json_put_number(out, "schema", 1);
    json_put_string(out, "runId", run_id);
    json_put_string(out, "lambdaARN", source->function);
    json_put_string(out, "functionArn", latest->function_arn);
    json_put_string(out, "functionName", latest->function_name);
    json_put_string(out, "region", source->region);
    json_put_string(out, "architecture", latest->architecture);
    json_put_number(out, "memorySizeMB", (double)latest->memory_size);
    present_put(&source->state->present, out);
    json_put_number(out, "timeout", (double)latest->timeout);
    json_put_string(out, "state", latest->state);
    json_put_string(out, "description", latest->description);
    json_put_string(out, "revisionId", latest->revision_id);
    json_put_string(out, "codeSha256", latest->code_sha256);
    json_put_string(out, "configurationSha256", latest->comparable);
    json_put_string(out, "tenantId", source->tenant_id);
    if (*latest->logging_config)
        json_put_value(out, "loggingConfig", span_of(latest->logging_config));
    if (source->allow_log_level && logs_too_little(latest)) {
        json_put_name(out, "trialLoggingConfig");
        record_extend(out, span_of(latest->logging_config), span_of("{\"SystemLogLevel\":\"INFO\"}"));
    }
    if (source->timeout && source->timeout != latest->timeout)
        json_put_number(out, "trialTimeout", (double)source->timeout);
    if (source->warmup)
        json_put_number(out, "warmup", (double)source->warmup);
    if (source->state->concurrency)
        json_put_number(out, "concurrency", (double)source->state->concurrency);
    put_parameters(source->input, out);
    bool put = put_payloads(source, out);
    text_append_string(out, "}\n");
    return put;
}

static void append_configuration(long long memory_mb, long long num, long long index, struct text *out) {
    text_append_byte(out, '{');
    json_put_string(out, "type", "configuration");
    json_put_number(out, "power", (double)memory_mb);
    json_put_number(out, "num", (double)num);
    if (index >= 0)
        json_put_number(out, "index", (double)index);
    text_append_string(out, "}\n");
}

/* The smallest size is first, because its invocations take longest. But PublishVersion returns the newest
 * version when nothing has changed since that was published. So the first size is not the size of that
 * version, if there is another. */
void append_configurations(const struct plan_source *source, struct text *out) {
    const struct tuning_input *input = source->input;
    bool swap =
        input->memory_size_count > 1 && input->memory_sizes[0] == source->state->newest_version_memory;
    long long num = input->dry_run ? 1 : input->num;
    for (size_t i = 0; i < input->memory_size_count; i++) {
        long long memory_mb = input->memory_sizes[swap && i < 2 ? 1 - i : i];
        for (long long index = 0; input->only_cold_starts && index < num; index++)
            append_configuration(memory_mb, 1, index, out);
        if (!input->only_cold_starts)
            append_configuration(memory_mb, num, -1, out);
    }
}
