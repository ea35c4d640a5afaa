/* Deletes each version as soon as it was measured. Only runs with onlyColdStarts do that: they publish too
 * many versions to keep them all until the end. */
#ifndef APPLY_DISCARD_H
#define APPLY_DISCARD_H

#include "apply/latest.h"
#include "tune/record.h"
#include "util/lines.h"

/* Copies the records after the plan unchanged. When the plan has onlyColdStarts, deletes the version of a
 * configuration as soon as the record of its invocation or failure was read. A borrowed version is not
 * deleted. A version that cannot be deleted now is left to clean_versions and not reported. Returns the exit
 * status. */
int discard_versions(struct apply *apply, struct record_reader *reader, struct output *output);

#endif
