/* Cleans up after runs whose run directory is not available. */
#ifndef APPLY_SWEEP_H
#define APPLY_SWEEP_H

#include "apply/latest.h"

#include <stdbool.h>

/* Deletes every version whose description is a marker of any run, and restores $LATEST from the settings that
 * its description contains during a trial. A description that does not contain them completely is reported. A
 * run that is in progress on another machine looks like one that was killed. So unless `force` is set, the
 * user is asked; without a terminal, nothing is done (STATUS_USAGE). `apply->plan` needs to contain only the
 * function. Returns the exit status. */
int sweep_function(struct apply *apply, bool force);

#endif
