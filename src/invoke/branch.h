/* The branches of a run, one for each power: what of each is still to be invoked, and which invocation comes
 * next.
 *
 * Sizes are interleaved in time: of all invocations that are due, the one with the lowest index goes first,
 * so that a slow minute on the platform hits every size alike. Within a branch one invocation follows
 * another, unless they are to run in parallel. */
#ifndef INVOKE_BRANCH_H
#define INVOKE_BRANCH_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Invocations first..end-1 of one published version. */
struct segment {
    char *version; /* owned */
    long long next, end;
    bool state_unknown; /* it was not active when it was published: its first invocation looks */
    bool borrowed;
    bool pending; /* one of its invocations waits for it to become active; the others wait for that */
};

struct branch {
    long long memory_mb; /* MB */
    struct segment *segments;
    size_t first, count, capacity; /* those before `first` are done */
    long long in_flight;           /* invocations under way, their waits among them */
    long long planned, done;       /* for the progress display */
    long long dropped;             /* invocations that will not be made */
    double duration_sum_ms;        /* of the answers, by the client's clock: for the display alone */
    long long answered; /* how many those are: what an earlier process has done is not among them */
    bool excluded;
    bool *made; /* by index: those that an earlier process has made; owned */
    size_t made_count;
};

struct branches {
    struct branch *branches; /* owned */
    size_t count, capacity;
    bool parallel;
};

/* The invocations of one published version: `num` of them from the index `first`, and `warmup` before those,
 * with the indexes -warmup..-1. */
struct assignment {
    long long memory_mb; /* MB */
    const char *version;
    long long first, num, warmup;
    bool state_unknown; /* it was not active when it was published */
    bool borrowed;      /* it was there before */
};

/* Adds these invocations to the branch of their power, which is made when it is new. The segment is valid
 * until the next call. */
struct segment *branches_add(struct branches *branches, const struct assignment *assignment);

/* The invocation of `memory_mb` with this index was made by an earlier process: it is not made again. To be said
 * before its configuration is added. */
void branches_made(struct branches *branches, long long memory_mb, long long index);

/* The branch and segment of the next invocation that is due, or NULL. Takes nothing. */
struct branch *branches_next(struct branches *branches, struct segment **segment);

/* Takes the next invocation of the segment: its index. */
long long branch_take(const struct branch *branch, struct segment *segment);

/* An answer took so long, by the client's clock. */
void branch_answered(struct branch *branch, double duration_ms);

/* True when nothing is due or under way, nor will be. */
bool branches_finished(const struct branches *branches);

/* Drops what is due of all branches, and counts it in their `dropped`. */
void branches_drop(struct branches *branches);

/* The branch of `memory_mb` is left out, as an earlier process has found. To be said before its configuration is
 * added. */
void branches_exclude(struct branches *branches, long long memory_mb);

/* The branch is left out: what is due of it is dropped. */
void branch_exclude(struct branch *branch);

void branches_release(struct branches *branches);

#endif
