/* The input of a tuning run: the original's input object, fully checked.
 *
 * Names, defaults and limits are from the original's page "State machine input". All faults are found, not
 * only the first; each is one line "parameter: what is wrong". */
#ifndef TUNE_INPUT_H
#define TUNE_INPUT_H

#include "tune/parameter.h"
#include "tune/payload.h"
#include "util/json.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    MIN_MEMORY_MB = 128,
    MAX_MEMORY_MB = 10240,
    MIN_NUM = 5,
    MAX_NUM = 100000,
    MAX_SLEEP_MS = 15 * 60 * 1000
};

#define UNTIL_SURE_DEFAULT 0.5 /* percent */
#define MIN_UNTIL_SURE 0.001
#define MAX_UNTIL_SURE 100.0

/* The values of the input, with defaults filled in. Spans are tokens in the input's text, valid as long as it
 * is. The span of an absent optional parameter has no start. */
struct tuning_input {
    struct span lambda_arn; /* string */
    long long num;
    long long *memory_sizes; /* MB, ascending, without duplicates; owned */
    size_t memory_size_count;
    struct span payload;                      /* any value */
    struct span payload_s3;                   /* string */
    struct span payload_file, payload_member; /* strings */
    enum payload_use payload_use;             /* of a list of events; PAYLOAD_SINGLE: not given */
    bool parallel_invocation;
    struct span strategy; /* string; when absent, "cost" applies */
    double balanced_weight;
    bool auto_optimize;
    struct span auto_optimize_alias; /* string */
    bool dry_run;
    struct span pre_processor_arn, post_processor_arn; /* strings */
    double discard_top_bottom;
    long long sleep_between_runs_ms;
    bool disable_payload_logs;
    bool include_output_results;
    bool only_cold_starts;
    double until_sure;              /* percent of expected regret; 0: every size gets `num` invocations */
    struct span allowed_exceptions; /* list of strings */
    struct span visualization_url;  /* string */
};

/* Checks `object` (JSON of any type that json_check has accepted) and fills `input`. Faults are appended to
 * `problems` as lines. Remarks that do not stop a run (an unknown parameter was ignored, a value was clamped)
 * are appended to `warnings`. False when there is a fault. Release `input` in both cases. */
bool tuning_input_read(struct span object, struct tuning_input *input, struct text *problems,
                       struct text *warnings);

void tuning_input_release(struct tuning_input *input);

#endif
