/* How requests name functions: "name", "name:7", "name:alias", a partial ARN or an ARN. */
#ifndef LOCAL_STORE_NAMES_H
#define LOCAL_STORE_NAMES_H

#include "util/span.h"
#include "util/text.h"

enum { FUNCTION_NAME_SIZE = 65, QUALIFIER_SIZE = 129, REGION_SIZE = 32, ACCOUNT_SIZE = 13 };

struct function_reference {
    char name[FUNCTION_NAME_SIZE];
    char qualifier[QUALIFIER_SIZE]; /* "": none */
    char region[REGION_SIZE];       /* "": not given */
    char account[ACCOUNT_SIZE];     /* "": not given */
};

/* Parses a name whose percent-encoding has been decoded. False when it is not valid; `reference` is then
 * undefined. */
bool function_reference_parse(struct span text, struct function_reference *reference);

/* True when `text` consists of 1 to `longest` letters, digits, '-' and '_'. */
bool is_plain_name(struct span text, size_t longest);

#endif
