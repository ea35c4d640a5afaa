/* Markers: the descriptions by which a run recognises its own versions. */
#ifndef TUNE_MARKER_H
#define TUNE_MARKER_H

#include "util/text.h"

#include <stdbool.h>
#include <time.h>

#define MARKER_PREFIX "power-tune:"

/* Appends the Description of the version with `memory_mb`: "power-tune:RUNID:512", with ":INDEX" when `index`
 * is not negative. */
void plan_marker(const char *run_id, long long memory_mb, long long index, struct text *out);

/* True when `description` begins with a marker of the run `run_id` (NULL: of any run; the id must then have
 * the form that pt-init gives it). The description of $LATEST does so during a trial. */
bool is_marker(const char *description, const char *run_id);

/* True when `description` is a marker and nothing else. Only such a version belongs to a run: when somebody
 * else publishes a version without a Description during a trial, it copies the description of $LATEST, which
 * is longer than the marker. */
bool is_whole_marker(const char *description, const char *run_id);

/* Appends the run id that a marker names; false when `description` does not begin with a marker. */
bool marker_run_id(const char *description, struct text *run_id);

/* Appends when the run began, in words: "5 minutes ago (20261123T101112Z-abcdef)". */
void marker_age(const char *run_id, time_t now, struct text *out);

/* What the description of $LATEST records while $LATEST has a trial size: enough to restore it without the
 * run directory. */
struct trial {
    char *run_id;            /* owned */
    long long memory_mb;     /* MB, the trial size */
    long long memory_size;   /* MB, before the trial */
    long long timeout;       /* s, before the trial */
    long long trial_timeout; /* s, during the trial; 0: the run does not change it */
    char log_level[6];       /* SystemLogLevel before the trial; "": the run does not change it */
    char *description;       /* before the trial; owned */
    bool cut;                /* only the beginning of the description was recorded */
};

/* Appends the description of $LATEST during a trial: the marker, in parentheses the original settings, and
 * the original description. The whole is cut at Lambda's limit of 256 characters.
 *
 *     power-tune:20261123T101112Z-abcdef:512 (trial; was 128 MB, 3 s) resizes images
 *     power-tune:20261123T101112Z-abcdef:512 (trial; was 128 MB, 3 s now 60 s, WARN now INFO; cut) resizes im
 *
 * `run_id` and `memory_mb` of `trial` are ignored, because the marker contains them. */
void marker_describe(const char *marker, const struct trial *trial, struct text *out);

/* Parses a description that marker_describe made; false for any other. On success the caller releases
 * `trial`. */
bool marker_read(const char *description, struct trial *trial);

void trial_release(struct trial *trial);

#endif
