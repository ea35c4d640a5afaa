/* Changing $LATEST of the function under test, so that every change is journalled, conditional, settled and
 * verified, and what somebody else changed in the meantime is seen. */
#ifndef APPLY_LATEST_H
#define APPLY_LATEST_H

#include "apply/journal.h"
#include "aws/lambda/lambda.h"
#include "aws/session.h"
#include "tune/plan.h"
#include "util/text.h"

#include <stdbool.h>

/* The level at which JSON logs have a report of every invocation. */
#define TRIAL_LOG_LEVEL "INFO"

/* What the subcommands of pt-apply share. */
struct apply {
    struct aws_session session;
    struct plan plan;
    struct journal journal;
    struct function_configuration latest;   /* as it was read last */
    struct function_configuration expected; /* as it must be if nobody but this run changes it */
    bool verbose;                           /* say on standard error what is done */
};

enum change_result {
    CHANGE_MADE,    /* $LATEST has the values and has settled */
    CHANGE_REFUSED, /* AWS does not allow these values; $LATEST is as it was */
    CHANGE_FOREIGN, /* somebody else has changed $LATEST; it was left alone */
    CHANGE_FAILED   /* what has become of it is not known, or nothing could be done */
};

/* Reads $LATEST into `apply->latest`, waiting (5 minutes at most) until no update is under way. False, and
 * `problem`, when it cannot be read, or does not settle. */
bool latest_read(struct apply *apply, struct text *problem);

/* Takes `apply->latest` as what must be there from now on, but for memory, description, timeout and logging,
 * which are as the plan says, or as this run has changed them. */
void latest_expect(struct apply *apply);

/* True when `apply->latest` differs from what is expected; appends which members do to `what`. */
bool latest_is_foreign(const struct apply *apply, struct text *what);

/* The same for a change that is about to be made: false, and `problem`, when $LATEST as it was read last is
 * not as expected. The revision that goes with a change is that of the last reading, so that it alone would
 * let somebody else's change be overwritten that this reading has brought. */
bool latest_is_expected(const struct apply *apply, struct text *problem);

/* Makes $LATEST have `change` (its revision_id is not looked at). `action` is the journal's: "update" or
 * "restore". `problem` says why when the result is not CHANGE_MADE; `code` (may be NULL) gets AWS's error
 * code of a refusal. With CHANGE_MADE, `expected` has the new values. */
enum change_result latest_change(struct apply *apply, const char *action,
                                 const struct function_change *change, struct text *code,
                                 struct text *problem);

/* Appends the members of a change as the journal has them. */
void latest_journal_members(const struct function_change *change, struct text *out);

/* Waits until no request of a process that was killed can still be on its way: a moment after the journal was
 * last written. */
void latest_await_stragglers(const struct apply *apply);

/* The one message for a journal that cannot be written. */
void latest_journal_problem(const struct apply *apply, struct text *problem);

#endif
