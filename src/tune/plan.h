/* The plan: the first record of a run. It says what is tuned and how. pt-init writes it; the other stages
 * read what they need from it, instead of options, and pass it on unchanged. */
#ifndef TUNE_PLAN_H
#define TUNE_PLAN_H

#include "tune/input.h"
#include "tune/payload.h"
#include "tune/record.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* The part of a plan that the stages that talk to AWS need. Strings are owned; a string that the plan lacks
 * is "". */
struct plan {
    char *run_id;
    char *lambda_arn;   /* for requests: a name or an ARN, without a qualifier */
    char *function_arn; /* the ARN from Lambda */
    char *function_name;
    char *region;
    char *architecture; /* "x86_64", "arm64" */
    char *description;  /* of $LATEST before the run */
    char *revision_id;
    char *code_sha256;
    char *configuration_sha256; /* hash of the code and the settings that tuning never changes (`comparable`
                                   in aws/lambda/lambda.h) */
    char *tenant_id;
    char *pre_processor_arn, *post_processor_arn;
    char *auto_optimize_alias;
    char *state;                /* the function's: "Active", ... */
    long long memory_size;      /* MB, of $LATEST before the run */
    long long timeout;          /* s, of $LATEST before the run */
    long long trial_timeout;    /* s, for the versions; 0: the function's own */
    char *logging_config;       /* JSON, of $LATEST before the run; "" when the plan has none */
    char *trial_logging_config; /* JSON, for the versions; "": the function's own */
    long long warmup;           /* uncounted invocations of each version, before those that count */
    long long concurrency;      /* maximum number of invocations at once; 0: unknown */
    long long num;
    long long *memory_sizes; /* MB; owned */
    size_t memory_size_count;
    long long sleep_between_runs_ms;
    struct payload_list payloads;
    char *allowed_exceptions; /* JSON list of strings, or "" */
    double until_sure;        /* percent of expected regret; 0: every size gets `num` invocations */
    bool parallel_invocation, auto_optimize, dry_run, only_cold_starts, disable_payload_logs;
};

/* Reads a plan record. The payloads of a run with disablePayloadLogs are read from their files, whose lengths
 * must match the plan. False when a member is missing or wrong: `problem` says which, and `plan` is empty. */
bool plan_read(struct span object, struct plan *plan, struct text *problem);

/* The same without the payloads, for programs that never send one: the files may be gone. */
bool plan_read_without_payloads(struct span object, struct plan *plan, struct text *problem);

/* Reads the first record of a stream, which must be a plan; `*record` then refers to it. False, reported, when
 * it is not, or is invalid. */
bool plan_read_first(struct record_reader *reader, bool with_payloads, struct plan *plan,
                     struct record *record);

void plan_release(struct plan *plan);

/* True when the plan counts `error_type` as a normal result. */
bool plan_allows_error(const struct plan *plan, const char *error_type);

#endif
