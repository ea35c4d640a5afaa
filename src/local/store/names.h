/* How requests name functions: "name", "name:7", "name:alias", a partial or a whole ARN. */
#ifndef LOCAL_STORE_NAMES_H
#define LOCAL_STORE_NAMES_H

#include "util/span.h"
#include "util/text.h"

enum { FUNCTION_NAME_SIZE = 65, QUALIFIER_SIZE = 129, REGION_SIZE = 32, ACCOUNT_SIZE = 13 };

struct function_reference {
    char name[FUNCTION_NAME_SIZE];
    char qualifier[QUALIFIER_SIZE]; /* "": none */
    char region[REGION_SIZE];       /* "": not said */
    char account[ACCOUNT_SIZE];     /* "": not said */
};

/* Reads a name that has no percent-encoding left. False when it is none. */
bool function_reference_parse(struct span text, struct function_reference *reference);

/* True for letters, digits, '-' and '_'; not empty and at most `longest`. */
bool is_plain_name(struct span text, size_t longest);

#endif
