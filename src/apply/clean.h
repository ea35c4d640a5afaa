/* Deletes the versions that a run has published. */
#ifndef APPLY_CLEAN_H
#define APPLY_CLEAN_H

#include "apply/latest.h"

/* Deletes exactly the versions whose description is a marker of the plan's run. Returns STATUS_DONE, or
 * STATUS_NOT_RESTORED when a version cannot be deleted, for example because an alias points at it; each such
 * version is reported. */
int clean_versions(struct apply *apply);

/* Deletes the version with this number, and writes that to the journal. A version that does not exist counts
 * as deleted. False, with the reason in `problem`, when it cannot be deleted. */
bool clean_version(struct apply *apply, const char *version, struct text *problem);

/* Which versions to delete. */
typedef bool version_filter(const struct apply *apply, const struct function_configuration *version);

/* Delete the wanted versions of a list, and of all versions. With `tell` each deleted version is reported;
 * clean_selected does so when `apply` is verbose. False when a version cannot be deleted, or the versions
 * cannot be listed, which is reported. */
bool clean_listed(struct apply *apply, const struct version_list *list, version_filter *is_wanted, bool tell);
bool clean_selected(struct apply *apply, version_filter *is_wanted);

#endif
