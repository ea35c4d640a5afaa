/* Markers: the descriptions by which a run knows its own versions. */
#ifndef TUNE_MARKER_H
#define TUNE_MARKER_H

#include "util/text.h"

#include <stdbool.h>
#include <time.h>

#define MARKER_PREFIX "power-tune:"

/* Appends the Description of the version of `memory_mb`: "power-tune:RUNID:512", with ":INDEX" when `index` is
 * not negative. */
void plan_marker(const char *run_id, long long memory_mb, long long index, struct text *out);

/* True when `description` begins with a marker of the run `run_id` (NULL: of any run, whose id must
 * then be formed as pt-init forms them), as that of $LATEST does during a trial. */
bool is_marker(const char *description, const char *run_id);

/* True when it is a marker and nothing else, as that of a version of a run: only such a version is the run's.
 * Somebody's own PublishVersion without a Description takes over $LATEST's, which has more than the marker.
 */
bool is_whole_marker(const char *description, const char *run_id);

/* Appends the run's id that a marker names; false when `description` is no marker. */
bool marker_run_id(const char *description, struct text *run_id);

/* Appends when the run of that id began, for people: "5 minutes ago (20261123T101112Z-abcdef)". */
void marker_age(const char *run_id, time_t now, struct text *out);

/* What the description of $LATEST tells while it has a trial size: enough to restore it without a run
 * directory. */
struct trial {
    char *run_id;            /* owned */
    long long memory_mb;     /* MB that $LATEST has for the trial */
    long long memory_size;   /* MB that it had */
    long long timeout;       /* s that it had */
    long long trial_timeout; /* s that it has for the trial; 0: the run does not change it */
    char log_level[6];       /* SystemLogLevel that it had; "": the run does not change it */
    char *description;       /* that it had; owned */
    bool cut;                /* only the beginning of the description is there */
};

/* Appends the description of $LATEST during a trial: the marker, in parentheses what it had, and its own
 * description, cut where the whole would be longer than Lambda allows (256 characters):
 *
 *     power-tune:20261123T101112Z-abcdef:512 (trial; was 128 MB, 3 s) resizes images
 *     power-tune:20261123T101112Z-abcdef:512 (trial; was 128 MB, 3 s now 60 s, WARN now INFO; cut) resizes im
 *
 * `run_id` and `memory_mb` of the trial are not looked at: the marker has them. */
void marker_describe(const char *marker, const struct trial *trial, struct text *out);

/* Reads a description that marker_describe made; false when it is another. On success the caller releases
 * `trial`. */
bool marker_read(const char *description, struct trial *trial);

void trial_release(struct trial *trial);

#endif
