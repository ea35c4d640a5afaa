/* The input of a run, kept with its records. */
#ifndef INIT_KEEP_H
#define INIT_KEEP_H

#include "util/span.h"

/* Writes the input, the options merged into it, to `run_dir`/input.json, flushed to the disk; without the
 * payload when that must not be kept. False, reported. */
bool keep_input(const char *run_dir, struct span input, bool without_payload);

#endif
