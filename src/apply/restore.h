/* Restores $LATEST as it was before the run. */
#ifndef APPLY_RESTORE_H
#define APPLY_RESTORE_H

#include "apply/latest.h"

/* Restores the memory size, description, timeout and log level of $LATEST, but only those that this run has
 * changed. A setting counts as changed by this run when the journal has its current value. Without a journal:
 * when its value is one that the plan would set (a memory size of the plan, the trial timeout, the trial log
 * level), or for the description, when it begins with the run's marker. Other changes are reported and not
 * overwritten.
 *
 * Returns STATUS_DONE when no change of this run is left, else STATUS_NOT_RESTORED after a report. */
int restore_latest(struct apply *apply);

#endif
