/* Bounds on a price that are wrong by orders of magnitude, so that every invocation satisfies them, or none. */
#ifndef PICK_DOUBT_H
#define PICK_DOUBT_H

#include <stdbool.h>

/* Prints a warning with what was probably meant, if the bound in `words` ("cost<0.5", "cost>+10") can decide
 * nothing. `bound` is the price of one invocation, or with `difference` what is added to another price. */
void doubt_price(const char *words, double bound, bool difference);

#endif
