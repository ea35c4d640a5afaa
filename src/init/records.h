/* The records that pt-init writes: the plan, and the configurations to publish. */
#ifndef INIT_RECORDS_H
#define INIT_RECORDS_H

#include "init/inspect.h"
#include "tune/input.h"
#include "tune/payload.h"
#include "tune/price.h"
#include "util/text.h"

#include <stdbool.h>

/* Where the members of the plan come from; everything is the caller's. */
struct plan_source {
    const struct tuning_input *input;
    const struct payload_list *payloads;
    const struct function_state *state;
    const char *function; /* as requests call it */
    const char *region;
    const char *tenant_id; /* NULL: none */
    bool allow_log_level;  /* the versions get SystemLogLevel INFO where the function's own is too little */
    long long timeout;     /* s, that the versions get; 0: the function's own */
    long long warmup;      /* invocations of each version before those that count */
    struct price price;    /* where the function is */
    const char *run_dir;   /* where payload files go (disablePayloadLogs); NULL: $TMPDIR */
};

/* Appends the plan record, with a new run id, and its newline. False, reported, when a payload cannot be
 * written to its file. */
bool append_plan(const struct plan_source *source, struct text *out);

/* Appends a record, and its newline, for each configuration in the order in which they are best published. */
void append_configurations(const struct plan_source *source, struct text *out);

#endif
