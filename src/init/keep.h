/* The input of a run, and its prices, kept with its records. */
#ifndef INIT_KEEP_H
#define INIT_KEEP_H

#include "util/span.h"

/* Writes the input, the options merged into it, to `run_dir`/input.json, flushed to the disk; without the
 * payload when that must not be kept. False, reported. */
bool keep_input(const char *run_dir, struct span input, bool without_payload);

/* Writes the prices of the run to `run_dir`/prices.json in the same way: their file may be one that can be
 * read only once, or may change while the run is under way. */
bool keep_prices(const char *run_dir, struct span prices);

#endif
