/* The functions that stats belong to, each with its sizes: what pt-pick and pt-advise read. */
#ifndef PICK_BY_FUNCTION_H
#define PICK_BY_FUNCTION_H

#include "pick/choice.h"

struct function {
    char *name; /* owned: a JSON string token; NULL when the stats name none */
    struct sizes sizes;
};

struct functions {
    struct function *list; /* owned; in the order of their first record */
    size_t count, capacity;
};

/* The sizes of the function that the record `object` is of, made when there is none. Valid until the next. */
struct sizes *functions_sizes(struct functions *functions, struct span object);

void functions_close(struct functions *functions);

#endif
