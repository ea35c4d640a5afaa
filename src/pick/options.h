/* The command line of pt-pick. */
#ifndef PICK_OPTIONS_H
#define PICK_OPTIONS_H

#include "pick/limit.h"
#include "util/table.h"

#include <stdbool.h>
#include <stdint.h>

#define UNTIL_SURE_PERCENT 0.5

struct pick_settings {
    int strategy;     /* enum strategy; -1: the plan's or the default */
    double weight;    /* negative: the plan's or the default */
    double cold_rate; /* share of cold starts, 0..1; negative: as measured */
    bool include_stats, next;
    double percent; /* expected regret at which to decide; negative: the plan's or the default */
    uint64_t seed;
    const char *prior;                      /* NULL: none */
    struct limits limits;                   /* empty: the plan's */
    const char *visualization_url, *region; /* NULL: the plan's or the default */
    enum table_format format;
};

/* Fills `settings` from the options. Reports a bad option and exits with STATUS_USAGE. Leaves optind at
 * the first file. */
void pick_options_parse(int argc, char **argv, struct pick_settings *settings);

#endif
