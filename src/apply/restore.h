/* Putting $LATEST back as it was before the run. */
#ifndef APPLY_RESTORE_H
#define APPLY_RESTORE_H

#include "apply/latest.h"

/* Gives $LATEST back the memory, description, timeout and logging that it had, as far as what it has now is
 * this run's doing: a member is still ours when its value is one that the journal says we wrote; without a
 * journal, when it is one of the plan's powers, or a description that begins with the run's marker. What
 * somebody else has changed in the meantime stays, and is said.
 *
 * Returns the exit status: STATUS_DONE when nothing of ours is left, STATUS_NOT_RESTORED, reported,
 * otherwise. */
int restore_latest(struct apply *apply);

#endif
