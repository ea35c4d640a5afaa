/* Markers: the descriptions by which a run knows its own versions. */
#ifndef TUNE_MARKER_H
#define TUNE_MARKER_H

#include "util/text.h"

#include <stdbool.h>
#include <time.h>

#define MARKER_PREFIX "power-tune:"

/* Appends the Description of the version of `power`: "power-tune:RUNID:512", with ":INDEX" when `index` is
 * not negative. */
void plan_marker(const char *run_id, long long power, long long index, struct text *out);

/* True when `description` begins with a marker of the run `run_id` (NULL: of any run, whose id must
 * then be formed as pt-init forms them), as that of $LATEST does for a while with onlyColdStarts. */
bool is_marker(const char *description, const char *run_id);

/* True when it is a marker and nothing else, as that of a version of a run: only such a version is the run's.
 * Somebody's own PublishVersion without a Description takes over $LATEST's, which has more than the marker.
 */
bool is_whole_marker(const char *description, const char *run_id);

/* Appends the run's id that a marker names; false when `description` is no marker. */
bool marker_run_id(const char *description, struct text *run_id);

/* Appends when the run of that id began, for people: "5 minutes ago (20261123T101112Z-abcdef)". */
void marker_age(const char *run_id, time_t now, struct text *out);

/* Appends the description that $LATEST has for a while with onlyColdStarts: the marker, and the function's
 * own description behind it, cut where the whole would be longer than Lambda allows (256 characters). */
void marker_describe(const char *marker, const char *description, struct text *out);

/* The function's own description in one that marker_describe made; NULL when it was cut, or `description` is
 * none. */
const char *marked_description(const char *description);

#endif
