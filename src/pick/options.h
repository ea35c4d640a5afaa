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
    double cold_rate; /* negative: as it was met */
    bool include_stats, next;
    double percent; /* of expected regret; negative: the plan's or the default */
    uint64_t seed;
    const char *prior;                      /* NULL: none */
    struct limits limits;                   /* none: the plan's */
    const char *visualization_url, *region; /* NULL: the plan's or the default */
    enum table_format format;
};

/* Fills `settings` from the options; a bad one is reported and ends the program. optind is then the first
 * file. */
void pick_options_parse(int argc, char **argv, struct pick_settings *settings);

#endif
