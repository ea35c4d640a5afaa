/* pt-init --check: finds out whether all that a run needs exists and is permitted, with requests that change
 * nothing.
 *
 * Permissions to read are checked by reading. Permissions to change are checked by requests that cannot
 * succeed: a change on the condition of a RevisionId that no function has, an alias of a version that does
 * not exist, the deletion of a version that does not exist. AWS checks the permission first. So AccessDenied
 * means that it is missing, and the expected error means that it is granted.
 *
 * The version that does not exist is 999999999. The deletion is tried only when the list of versions shows
 * that it does not exist. At an endpoint other than AWS's own, further changes are tried only when the first
 * request has shown that the endpoint respects conditions. */
#ifndef INIT_CHECK_H
#define INIT_CHECK_H

#include "aws/session.h"
#include "tune/input.h"
#include "util/lines.h"

#include <stdbool.h>

struct inspect_options;

/* Writes a line for each check: "ok", "missing", "problem", "warning" or "not known", and what was checked.
 * True when nothing is missing and nothing is a problem. */
bool check_run(struct aws_session *session, const struct inspect_options *options,
               const struct tuning_input *input, struct output *output);

#endif
