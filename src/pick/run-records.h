/* The records of a run that its results are made of, as pt-pick writes them and pt-gate and pt-report read
 * them: the plan, the stats and failures of each function, a decision, and results. */
#ifndef PICK_RUN_RECORDS_H
#define PICK_RUN_RECORDS_H

#include "model/strategy.h"
#include "pick/by-function.h"
#include "stats/group.h"
#include "tune/record.h"

struct run_records {
    char *plan; /* owned: the record, or NULL */
    struct functions functions;
    char *decision; /* owned: the record, or NULL */
    bool stopped;   /* the run ended before all sizes were measured */
    char **results; /* owned, each of them too: the lines of pt-pick */
    size_t result_count, result_capacity;
    bool measured;             /* collect the measurements */
    struct group_table groups; /* the measurements, by functionName (or null) and memory size */
    bool only_measurements;
};

/* Adds a record; types that do not belong to a result are ignored. False, with the reason in `problem`, when
 * it is invalid. */
bool run_records_add(struct run_records *records, const struct record *record, struct text *problem);

/* Reads "-" (standard input), a file, or a run directory of power-tune: its stats.ndjson, its result.json
 * if it has one and, when they are collected, its measurements. False when it cannot be read or a line is
 * invalid, which was reported. */
bool run_records_read(struct run_records *records, const char *path);

void run_records_close(struct run_records *records);

/* The strategy, and the weight of the cost: the option unless it is negative, else the plan's, else the
 * default. */
enum strategy plan_strategy(struct span plan, int option);
double plan_weight(struct span plan, double option);

#endif
