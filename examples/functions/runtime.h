/* The part of a bootstrap that is the same for every function: the loop that speaks the Lambda Runtime API.
 *
 * A function is its work: it takes the event's size of work and says what it has done. */
#ifndef FUNCTIONS_RUNTIME_H
#define FUNCTIONS_RUNTIME_H

#include <stddef.h>

/* `n` is the event's member "n", or 0 without one. Writes the answer, JSON, to `answer`. */
typedef void work(long n, char *answer, size_t size);

/* Serves invocations until the environment ends. The status that main should return. */
int runtime_serve(work *function);

#endif
