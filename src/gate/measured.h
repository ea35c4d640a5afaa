/* What a gate is about: the result of a function, with the figures of its sizes where they are there.
 *
 * Read from pt-pick's result, with the stats inside it (includeOutputResults) or the stat records and the
 * plan before it, or from a run directory of power-tune. */
#ifndef GATE_MEASURED_H
#define GATE_MEASURED_H

#include "model/strategy.h"
#include "pick/by-function.h"
#include "pick/choice.h"

struct measured {
    char *result; /* owned: pt-pick's line */
    char *name;   /* owned: a JSON string token, or NULL when the result names no function */
    double memory_mb, cost, duration;
    struct sizes sizes; /* empty when nothing but the result is there */
};

struct measurements {
    struct measured *list; /* owned */
    size_t count, capacity;
    struct functions functions; /* the stat records, by function, until they are handed over */
    double present_memory_mb;   /* the memory that the function has, MB; 0: unknown */
    enum strategy strategy;
};

/* Reads "-" (standard input), a file or a run directory. False when it cannot be read, or has no result; that
 * was reported. */
bool measurements_read(struct measurements *measurements, const char *path);

void measurements_close(struct measurements *measurements);

/* The measurements of the function that `name` says (NULL: of the only one); NULL when there is none. */
const struct measured *measurements_find(const struct measurements *measurements, const char *name);

/* The size with that memory, or NULL. */
const struct size *measured_size(const struct measured *measured, double memory_mb);

#endif
