/* Deleting each version as soon as it was measured: only cold starts need so many versions that they should
 * not wait for the end. */
#ifndef APPLY_DISCARD_H
#define APPLY_DISCARD_H

#include "apply/latest.h"
#include "tune/record.h"
#include "util/lines.h"

/* Passes the stream behind its plan on unchanged, and deletes the version of each configuration that has an
 * index as soon as its invocation, or its failure, has come by. A version that was borrowed stays. One that
 * cannot be deleted now is left to clean_versions, without a word. Returns the exit status. */
int discard_versions(struct apply *apply, struct record_reader *reader, struct output *output);

#endif
