/* Publishing a version for each configuration. */
#ifndef APPLY_PUBLISH_H
#define APPLY_PUBLISH_H

#include "apply/latest.h"
#include "tune/record.h"
#include "util/lines.h"

#include <signal.h>
#include <stdbool.h>

/* Reads the stream behind its plan, publishes a version for each configuration and passes it on with its
 * version as soon as it is there; other records pass unchanged. A power that AWS does not allow becomes a
 * failure record. Stops when `*stopped` becomes true, when the reader of `output` goes away, and at the first
 * fault. Does not put $LATEST back. Returns the exit status. */
int publish_configurations(struct apply *apply, struct record_reader *reader, struct output *output,
                           const volatile sig_atomic_t *stopped);

/* What publishing one version came to. */
struct published {
    struct function_configuration version;
    bool borrowed; /* it was there before: PublishVersion gives back the newest version when nothing has
                      changed since */
};

/* What to publish. */
struct publishing {
    const char *action;      /* the journal's: "publish" or "publishOptimized" */
    const char *members;     /* the journal's of the intent */
    const char *description; /* of the version */
    long long newer_than;    /* only a version with a higher number can be the one; 0: any */
};

/* Publishes $LATEST, which must be as expected. The results are those of latest_change. */
enum change_result publish_version(struct apply *apply, const struct publishing *publishing,
                                   struct published *published, struct text *code, struct text *problem);

#endif
