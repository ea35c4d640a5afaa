/* A size at which invocations fail is not chosen.
 *
 * One rule for a run and for stored logs: a size is excluded when any of its invocations ran out of memory, or
 * when its invocations timed out or failed more often than allowed. How often they fail is judged by the lower
 * end of a one-sided 95 % interval (C. J. Clopper and E. S. Pearson, "The Use of Confidence or Fiducial Limits
 * Illustrated in the Case of the Binomial", Biometrika 26, 1934), so that one failure of ten is not yet more
 * than 1 %. Lost invocations say nothing about the size. */
#ifndef PICK_FAILURES_H
#define PICK_FAILURES_H

#include "pick/choice.h"

/* The share of failures that is allowed without --max-failures. */
#define MAX_FAILURES_DEFAULT 0.01

struct failures {
    double out_of_memory, timed_out; /* invocations */
    double failed;                   /* invocations, including these */
    double total;                    /* invocations, including successes */
};

/* Counts the failures in the stat record of the size. */
struct failures failures_of(const struct memory_size *size);

/* True when the failures exclude the size; `allowed` is a share, 0..1. */
bool failures_exclude(const struct failures *failures, double allowed);

/* Appends why the failures exclude the size: "5 of 10 invocations ran out of memory", "20 of 100 invocations
 * timed out (limit: 1 %)". */
void failures_append(struct text *out, const struct failures *failures, double allowed);

#endif
