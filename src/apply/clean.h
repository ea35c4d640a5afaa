/* Deleting the versions that a run has published. */
#ifndef APPLY_CLEAN_H
#define APPLY_CLEAN_H

#include "apply/latest.h"

/* Deletes every version whose description is a marker of the plan's run, and no other. A version that
 * somebody's alias points at stays, is named, and makes the status STATUS_NOT_RESTORED, as does one that
 * cannot be deleted. */
int clean_versions(struct apply *apply);

/* Deletes one version of ours by its number, journalled; an absent one counts as deleted. False, and
 * `problem`, otherwise. */
bool clean_version(struct apply *apply, const char *version, struct text *problem);

#endif
