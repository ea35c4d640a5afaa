/* Stat and failure records grouped by function, as pt-pick and pt-advise read them. */
#ifndef PICK_BY_FUNCTION_H
#define PICK_BY_FUNCTION_H

#include "pick/choice.h"

struct function {
    char *name; /* owned: a JSON string token; NULL when the records name no function */
    struct memory_sizes sizes;
};

struct functions {
    struct function *list; /* owned; in the order of their first records */
    size_t count, capacity;
};

/* Returns the sizes of the function that the record `object` names, adding the function when it is new.
 * The pointer is valid until the next call. */
struct memory_sizes *functions_sizes(struct functions *functions, struct span object);

void functions_close(struct functions *functions);

#endif
