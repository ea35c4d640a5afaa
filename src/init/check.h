/* pt-init --check: is everything there that a run needs, and may it be used? Said before anything is run or
 * paid for, by calls that change nothing.
 *
 * What only reads is read. Permissions to change are asked for by requests that cannot succeed: a change on
 * the condition of a RevisionId that no function has, an alias of a version that does not exist, the deletion
 * of a version that does not exist. AWS looks at the permission first: AccessDenied means that it is missing,
 * and the error that was to come means that it is there. The version that does not exist is 999999999, after
 * a look at the list of those that do; without that list the deletion is not tried. At an endpoint that is
 * not AWS's own, nothing more of the kind is tried unless the first condition was looked at. */
#ifndef INIT_CHECK_H
#define INIT_CHECK_H

#include "aws/session.h"
#include "tune/input.h"
#include "util/lines.h"

#include <stdbool.h>

struct inspect_options;

/* Writes a line for each thing that is looked at: "ok", "missing", "problem", "warning" or "not known", and
 * what it is. True when nothing is missing and there is no problem. */
bool check_run(struct aws_session *session, const struct inspect_options *options,
               const struct tuning_input *input, struct output *output);

#endif
