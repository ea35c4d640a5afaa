/* Waking a function that Lambda has put to sleep. */
#ifndef APPLY_WAKE_H
#define APPLY_WAKE_H

#include "apply/latest.h"

#include <stdbool.h>

/* When $LATEST, as it was read last, is Inactive (idle for weeks; its resources were taken back), it is
 * invoked once with the plan's payload, which Lambda answers with an error while it makes the function ready
 * again, and waited for, 5 minutes at most. True when it is active; else `problem`. Source: Lambda's
 * developer guide, "Lambda function states". */
bool wake_function(struct apply *apply, struct text *problem);

#endif
