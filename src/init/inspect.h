/* Can this function be tuned? Everything that can be known about it before anything of it is changed. */
#ifndef INIT_INSPECT_H
#define INIT_INSPECT_H

#include "aws/lambda/lambda.h"
#include "aws/session.h"
#include "tune/input.h"
#include "util/text.h"

#include <stdbool.h>

struct function_state {
    struct function_configuration latest; /* of $LATEST */
    long long newest_version_memory;      /* MB, of the newest published version; 0 when there is none */
    long long concurrency; /* invocations that a parallel run may have under way; 0: not known */
};
void function_state_release(struct function_state *state);

struct inspect_options {
    const char *function;  /* as requests call it */
    const char *qualifier; /* that the input's ARN had; "" for none */
    const char *tenant_id; /* NULL: none */
    bool allow_log_level;  /* the versions may get SystemLogLevel INFO */
    bool force;            /* remains of another run are no reason to refuse */
};

/* Reads the function and judges it; waits while an update is under way. False when it is not there, cannot be
 * read or cannot be tuned: each reason is a line in `problems`. `state` must be released either way. */
bool inspect_function(struct aws_session *session, const struct inspect_options *options,
                      const struct tuning_input *input, struct function_state *state, struct text *problems,
                      struct text *warnings);

/* True when the function's log has no report of an invocation that succeeds: JSON logs at SystemLogLevel
 * WARN. */
bool logs_too_little(const struct function_configuration *latest);

/* True when the pre- or post-processor named by the ARN token can be found: it is read, or else tried with a
 * DryRun invocation. Otherwise a line in `problems`, beginning with the parameter's name. */
bool inspect_processor(struct aws_session *session, const char *parameter, struct span arn,
                       struct text *problems);

#endif
