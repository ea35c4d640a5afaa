/* Cleaning up behind runs whose run directory is not at hand. */
#ifndef APPLY_SWEEP_H
#define APPLY_SWEEP_H

#include "apply/latest.h"

#include <stdbool.h>

/* Deletes every version whose description is a marker, of whatever run, and gives $LATEST back the
 * description that stands behind a marker there. What cannot be known, as the memory that $LATEST had, is
 * said and left. A run that is alive on another machine looks like a dead one: unless `force`, the person at
 * the terminal is asked, and without one nothing is done (STATUS_USAGE). Of `apply->plan` only the function
 * is looked at. Returns the exit status. */
int sweep_function(struct apply *apply, bool force);

#endif
