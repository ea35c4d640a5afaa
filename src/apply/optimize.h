/* Gives the function the chosen memory size: the last change of a run. */
#ifndef APPLY_OPTIMIZE_H
#define APPLY_OPTIMIZE_H

#include "apply/latest.h"

/* Sets $LATEST to `memory_mb` MB. When the plan has autoOptimizeAlias, also publishes a version and points
 * the alias at it; the alias is created when it does not exist. When that fails, everything is restored.
 * Changes nothing when somebody else has changed the function since the plan was made. Returns the exit
 * status; failures are reported. */
int optimize_function(struct apply *apply, long long memory_mb);

/* Recovers a run that was killed in optimize_function. When the alias points at the new version already,
 * optimizing is marked as finished in the journal; otherwise its changes are undone. Does nothing when
 * optimizing had not begun, or was finished. Returns the exit status; failures are reported. */
int optimize_recover(struct apply *apply);

#endif
