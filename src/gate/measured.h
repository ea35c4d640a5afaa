/* The input of a gate: the result of a function, with the stats of its sizes where the input has them.
 *
 * The input is pt-pick's result, with stats inside it (includeOutputResults) or with stat records and the
 * plan before it; or a run directory of power-tune. */
#ifndef GATE_MEASURED_H
#define GATE_MEASURED_H

#include "pick/choice.h"

struct measured {
    char *result; /* owned: pt-pick's line */
    char *name;   /* owned: a JSON string token, or NULL when the result names no function */
    double memory_mb, cost, duration;
    struct memory_sizes sizes; /* empty when the input has only the result */
};

struct measurements {
    struct measured *list; /* owned */
    size_t count, capacity;
    double present_memory_mb; /* the current memory of the function, MB; 0: unknown */
};

/* Reads "-" (standard input), a file or a run directory. Reports an error and returns false when it cannot
 * be read or has no result. measurements_close is due either way. */
bool measurements_read(struct measurements *measurements, const char *path);

void measurements_close(struct measurements *measurements);

/* Returns the measurements of the function `name` (a JSON string token); or the only ones, when either
 * name is NULL. Returns NULL when there are none. */
const struct measured *measurements_find(const struct measurements *measurements, const char *name);

/* Returns the size with that memory, or NULL when it has no measurements. */
const struct memory_size *measured_size(const struct measured *measured, double memory_mb);

#endif
