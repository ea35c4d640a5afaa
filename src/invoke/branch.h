/* The branches of a run, one for each memory size: which invocations are still to be made, and which is next.
 *
 * The sizes are interleaved in time: of all invocations that can start, the one with the lowest index starts
 * first. So a slow minute of the platform affects every size alike. Within a branch, an invocation starts
 * when the one before it has ended, unless the run is parallel. */
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
    bool state_unknown; /* not active when it was published: its first invocation reads the state */
    bool borrowed;      /* the version existed before this run */
    bool pending;       /* one of its invocations waits until it is active; the others do not start */
};

struct branch {
    long long memory_mb; /* MB */
    struct segment *segments;
    size_t first, count, capacity; /* the segments before `first` are done */
    long long in_flight;           /* invocations in progress, including those that wait */
    long long planned, done;       /* for the progress display */
    long long dropped;             /* number of invocations that will not be made */
    double duration_sum_ms; /* of the responses, on the client's clock; for the progress display only */
    long long responses;    /* number of these responses; those of earlier processes do not count */
    double highest_cost;    /* cost of the most expensive invocation so far (invoke/budget.h) */
    bool excluded;          /* nothing more is invoked at this size */
    bool *made;             /* by index: invocations that an earlier process has made; owned */
    size_t made_count;
};

struct branches {
    struct branch *branches; /* owned */
    size_t count, capacity;
    bool parallel;
};

/* The invocations of one published version: `num` of them with the indexes from `first` on, and before them
 * `warmup` with the indexes -warmup..-1. */
struct assignment {
    long long memory_mb; /* MB */
    const char *version;
    long long first, num, warmup;
    bool state_unknown; /* not active when it was published */
    bool borrowed;      /* it existed before this run */
};

/* Returns the branch of the memory size, which is created when needed. Valid until the next one is. */
struct branch *branches_find(struct branches *branches, long long memory_mb);

/* Adds these invocations to the branch of their memory size, which is created when needed. The returned
 * segment is valid until the next call. */
struct segment *branches_add(struct branches *branches, const struct assignment *assignment);

/* Notes that an earlier process has made the invocation with this index, so it is not made again. Must be
 * called before the configuration is added. */
void branch_note_made(struct branch *branch, long long index);

/* Returns the branch and segment of the next invocation that can start, or NULL. Does not take it. */
struct branch *branches_next(struct branches *branches, struct segment **segment);

/* Takes the next invocation of the segment, and returns its index. */
long long branch_take(const struct branch *branch, struct segment *segment);

/* Notes a response, and how long it took on the client's clock. */
void branch_note_response(struct branch *branch, double duration_ms);

/* True when no invocation is left or in progress. */
bool branches_finished(const struct branches *branches);

/* Drops all invocations that have not started, and counts them in `dropped` of their branches. */
void branches_drop(struct branches *branches);

/* How many invocations of all branches were dropped. */
long long branches_dropped(const struct branches *branches);

/* Frees everything. */
void branches_release(struct branches *branches);

#endif
