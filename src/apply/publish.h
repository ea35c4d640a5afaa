/* Publishes a version for each configuration. */
#ifndef APPLY_PUBLISH_H
#define APPLY_PUBLISH_H

#include "apply/latest.h"
#include "tune/record.h"
#include "util/lines.h"

#include <signal.h>
#include <stdbool.h>

/* Reads the records after the plan. Publishes a version for each configuration, and writes the configuration
 * with the version as soon as that exists. Other records are copied. A memory size that AWS does not allow
 * becomes a failure record. Stops when `*stopped` becomes true, when the reader of `output` is gone, and at
 * the first failure. Does not restore $LATEST. Returns the exit status. */
int publish_configurations(struct apply *apply, struct record_reader *reader, struct output *output,
                           const volatile sig_atomic_t *stopped);

/* The result of publishing one version. */
struct published {
    struct function_configuration version;
    bool borrowed; /* it existed before: PublishVersion returns the newest version when nothing has changed
                      since that was published */
};

/* The version to publish. */
struct publishing {
    const char *action;      /* the action in the journal: "publish" or "publishOptimized" */
    const char *members;     /* the members of the intent in the journal */
    const char *description; /* the description of the version */
    long long newer_than;    /* the new version has a higher number than this; 0: not known */
};

/* Publishes $LATEST, which must be as expected (latest_is_expected). The results mean the same as with
 * latest_change. The caller releases `published->version`. */
enum change_result publish_version(struct apply *apply, const struct publishing *publishing,
                                   struct published *published, struct text *code, struct text *problem);

#endif
