/* Makes an inactive function active. */
#ifndef APPLY_WAKE_H
#define APPLY_WAKE_H

#include "apply/latest.h"

#include <stdbool.h>

/* A function that was not invoked for weeks is Inactive: Lambda has reclaimed its resources. When
 * `apply->latest` is Inactive, invokes it once with the plan's payload, which makes Lambda prepare the
 * function, and waits for at most 5 minutes. True when the function is active; otherwise `problem` has the
 * reason. Source: Lambda's developer guide, "Lambda function states". */
bool wake_function(struct apply *apply, struct text *problem);

#endif
