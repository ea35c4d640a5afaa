/* The part of a bootstrap that is the same for every function: the loop for the Lambda Runtime API. The rest of a function
 * is its work. */
#ifndef FUNCTIONS_RUNTIME_H
#define FUNCTIONS_RUNTIME_H

#include <stddef.h>

/* Does the work for one event. `n` is the event's member "n", or 0 without one. Writes the response, JSON, to `response`,
 * which has `size` bytes. */
typedef void work(long n, char *response, size_t size);

/* Calls `function` for each event until the environment ends. Returns the exit status for main. */
int runtime_serve(work *function);

#endif
