/* Changes $LATEST of the function that is tuned. Every change is written to the journal first, is made on the
 * condition that the function still has the expected revision, and is read back when the update is complete.
 * Changes that somebody else makes in the meantime are detected and not overwritten. */
#ifndef APPLY_LATEST_H
#define APPLY_LATEST_H

#include "apply/journal.h"
#include "aws/lambda/lambda.h"
#include "aws/session.h"
#include "tune/plan.h"
#include "util/text.h"

#include <stdbool.h>

/* The SystemLogLevel at which JSON logs contain a report of every invocation. */
#define TRIAL_LOG_LEVEL "INFO"

/* The state that all subcommands of pt-apply share. */
struct apply {
    struct aws_session session;
    struct plan plan;
    struct journal journal;
    struct function_configuration latest;   /* $LATEST as it was last read */
    struct function_configuration expected; /* $LATEST as it must be if only this run changes it */
    bool verbose;                           /* report changes on standard error */
};

enum change_result {
    CHANGE_MADE,    /* $LATEST has the values, and the update is complete */
    CHANGE_REFUSED, /* AWS does not allow these values; $LATEST is as it was */
    CHANGE_FOREIGN, /* somebody else has changed $LATEST, and it was not overwritten */
    CHANGE_FAILED   /* the request failed, or its result is not known */
};

/* Reads $LATEST into `apply->latest`, and waits for at most 5 minutes while an update is in progress. False,
 * with the reason in `problem`, when it cannot be read or the update does not end. */
bool latest_read(struct apply *apply, struct text *problem);

/* Lists the versions of the function, oldest first; version_list_release frees them. False, with the reason in
 * `problem` and an empty list, when they cannot be listed. */
bool versions_read(const struct apply *apply, struct version_list *versions, struct text *problem);

/* Makes the current `apply->latest` the expected state: a copy of it becomes `apply->expected`. */
void latest_expect(struct apply *apply);

/* True when `apply->latest` differs from `apply->expected`; the names of the settings that differ are
 * appended to `what`. */
bool latest_is_foreign(const struct apply *apply, struct text *what);

/* True when `apply->latest` is as expected; otherwise `problem` says that somebody else has changed the
 * function. Call it before a change: the change is made on the condition of the revision that was last read,
 * and that revision may already contain somebody else's change. */
bool latest_is_expected(const struct apply *apply, struct text *problem);

/* Makes `change` on $LATEST (its revision_id is ignored). `action` is the action in the journal: "update" or
 * "restore". When the result is CHANGE_MADE, `apply->expected` has the new values; otherwise the reason is in
 * `problem`, and after a refusal AWS's error code in `code` (may be NULL). */
enum change_result latest_change(struct apply *apply, const char *action,
                                 const struct function_change *change, struct text *code,
                                 struct text *problem);

/* Waits until a request of a killed process can no longer be on its way to AWS: 1.5 s after the last journal
 * record. */
void latest_await_stragglers(const struct apply *apply);

#endif
