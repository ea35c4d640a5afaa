/* Keeps the input and the prices of a run in its run directory. */
#ifndef INIT_KEEP_H
#define INIT_KEEP_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* Writes the content to the file `name` of the run directory and flushes it to the disk. False, reported, when
 * that fails. */
bool keep_file(const char *run_dir, const char *name, const struct text *content);

/* Writes the input with the options merged into it to `run_dir`/input.json and flushes it to the disk;
 * without the payload when `without_payload`. False, reported, when that fails. */
bool keep_input(const char *run_dir, struct span input, bool without_payload);

/* Writes the prices of the run to `run_dir`/prices.json in the same way, because their file may change during
 * the run, or can be read only once. False, reported, when that fails. */
bool keep_prices(const char *run_dir, struct span prices);

#endif
