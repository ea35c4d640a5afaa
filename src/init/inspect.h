/* Checks whether a function can be tuned, before anything is changed. */
#ifndef INIT_INSPECT_H
#define INIT_INSPECT_H

#include "aws/lambda/lambda.h"
#include "aws/session.h"
#include "init/present.h"
#include "tune/input.h"
#include "util/text.h"

#include <stdbool.h>

struct function_state {
    struct function_configuration latest; /* $LATEST */
    struct present present;               /* what the sizes are compared with */
    long long newest_version_memory;      /* memory size of the newest published version, in MB; 0: none */
    long long concurrency; /* maximum of invocations in progress in a parallel run; 0: not known */
};

/* Frees what `state` owns. */
void function_state_release(struct function_state *state);

struct inspect_options {
    const char *function;  /* the function's name in requests */
    const char *qualifier; /* the qualifier of the input's ARN; "": none */
    const char *tenant_id; /* NULL: none */
    bool allow_log_level;  /* the versions can get SystemLogLevel INFO */
    bool force;            /* versions of another run are only a warning */
};

/* Reads the function and checks whether it can be tuned. Waits for at most 5 minutes while an update is in
 * progress. False when it does not exist, cannot be read or cannot be tuned: each reason is a line in
 * `problems`. The caller releases `state` in both cases. */
bool inspect_function(struct aws_session *session, const struct inspect_options *options,
                      const struct tuning_input *input, struct function_state *state, struct text *problems,
                      struct text *warnings);

/* True when the function's log does not contain reports of successful invocations: JSON logs at
 * SystemLogLevel WARN. */
bool logs_too_little(const struct function_configuration *latest);

/* True when the pre- or post-processor with the ARN in the JSON string `arn` exists: its configuration can be
 * read, or an invocation with DryRun succeeds. Otherwise appends a line to `problems` that begins with
 * `parameter`. */
bool inspect_processor(struct aws_session *session, const char *parameter, struct span arn,
                       struct text *problems);

#endif
