/* The records that pt-init writes: the plan and the configurations to publish. */
#ifndef INIT_RECORDS_H
#define INIT_RECORDS_H

#include "init/inspect.h"
#include "tune/input.h"
#include "tune/payload.h"
#include "tune/price.h"
#include "util/text.h"

#include <stdbool.h>

/* The data for the plan; the caller owns everything. */
struct plan_source {
    const struct tuning_input *input;
    const struct payload_list *payloads;
    const struct function_state *state;
    const char *function; /* the function's name in requests */
    const char *region;
    const char *tenant_id; /* NULL: none */
    bool allow_log_level;  /* set SystemLogLevel INFO when the function's level hides the reports */
    long long timeout;     /* of the versions, in s; 0: the function's own */
    long long warmup;      /* invocations of each version that are not counted, before the others */
    struct price price;    /* in the function's region */
    const char *run_dir;   /* folder for the payload files of disablePayloadLogs; NULL: $TMPDIR */
};

/* Appends the plan record with a new run id and a newline. False, reported, when the file of a payload cannot
 * be written. */
bool append_plan(const struct plan_source *source, struct text *out);

/* Appends a record with a newline for each configuration, in the order in which they should be published. */
void append_configurations(const struct plan_source *source, struct text *out);

#endif
