/* Giving the function the memory that was chosen: the last change of a run. */
#ifndef APPLY_OPTIMIZE_H
#define APPLY_OPTIMIZE_H

#include "apply/latest.h"

/* Gives $LATEST `memory_mb` MB. With the plan's autoOptimizeAlias a version is published from it and the alias
 * points at that, or is created; when that fails everything is put back. Refuses when somebody else has
 * changed the function since the plan was made. Returns the exit status, its reason reported. */
int optimize_function(struct apply *apply, long long memory_mb);

/* For a run that was killed while it optimised: when the alias points at the new version already the rest is
 * finished, otherwise what was begun is undone. Does nothing when optimising had not begun, or had ended. */
int optimize_recover(struct apply *apply);

#endif
