/* The plan: the first record of a run. It says what is tuned and how, so that no later stage needs to be told
 * twice. pt-init writes it; the other stages read from it what they need and pass it on unchanged. */
#ifndef TUNE_PLAN_H
#define TUNE_PLAN_H

#include "tune/input.h"
#include "tune/payload.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* What the stages that talk to AWS need of a plan. Strings are owned, "" where the plan does not say. */
struct plan {
    char *run_id;
    char *lambda_arn;   /* as requests call the function: a name or an ARN, without a qualifier */
    char *function_arn; /* as Lambda calls it */
    char *function_name;
    char *region;
    char *architecture; /* "x86_64", "arm64" */
    char *description;  /* of $LATEST before the run */
    char *revision_id;
    char *code_sha256;
    char *configuration_sha256; /* of what tuning never changes (aws/lambda.h, comparable) */
    char *tenant_id;
    char *pre_processor_arn, *post_processor_arn;
    char *auto_optimize_alias;
    char *state;                /* of the function: "Active", ... */
    long long memory_size;      /* MB, of $LATEST before the run */
    long long timeout;          /* s, likewise */
    long long trial_timeout;    /* s, that the versions get; 0: the function's own */
    char *logging_config;       /* JSON, of $LATEST before the run; "" when the plan does not say */
    char *trial_logging_config; /* JSON, that the versions get; "": the function's own */
    long long warmup;           /* invocations of each version before those that count */
    long long concurrency;      /* invocations that may run at once; 0: not known */
    long long num;
    long long *memory_sizes; /* MB; owned */
    size_t memory_size_count;
    long long sleep_between_runs_ms;
    struct payload_list payloads;
    struct text allowed_exceptions; /* a JSON list of strings, or empty */
    double until_sure;              /* percent of expected regret; 0: every size gets `num` invocations */
    bool parallel_invocation, auto_optimize, dry_run, only_cold_starts, disable_payload_logs;
};

/* Reads a plan record. The payloads of a run with disablePayloadLogs are read from their files and checked
 * against the lengths that the plan has. False when a member is missing or wrong: `problem`; `plan` then
 * holds nothing. */
bool plan_read(struct span object, struct plan *plan, struct text *problem);

/* The same without the payloads, for what never sends one: their files may be gone. */
bool plan_read_without_payloads(struct span object, struct plan *plan, struct text *problem);

void plan_release(struct plan *plan);

/* True when `error_type` is one that the plan counts as a normal result. */
bool plan_allows_error(const struct plan *plan, const char *error_type);

#endif
