/* Names of Lambda functions: a full ARN (arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]), a partial
 * ARN (ACCOUNT:function:NAME[:QUALIFIER], also REGION:ACCOUNT:function:...), or NAME[:QUALIFIER]. Source: the
 * patterns of FunctionName, NamespacedFunctionName and Qualifier in Lambda's service model. */
#ifndef AWS_ARN_H
#define AWS_ARN_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* The parts of a name; missing parts are "". All strings are owned: free them with function_name_release. */
struct function_name {
    char *partition; /* "aws", "aws-cn", ... */
    char *region;
    char *account; /* 12 digits */
    char *name;
    char *qualifier; /* a version number, "$LATEST", or an alias */
};

/* Parses `text`. False when it has none of the three forms; `problem` then says why, and `function` is
 * empty. */
bool function_name_parse(struct span text, struct function_name *function, struct text *problem);

/* Appends the name of the function for a request: its ARN without the qualifier when the full ARN is known,
 * else the partial ARN when the account is known, else the function name. */
void function_name_identifier(const struct function_name *function, struct text *out);

void function_name_release(struct function_name *function);

/* True when `text` is a published version's number: [1-9][0-9]*. False for "$LATEST" and aliases. */
bool is_version_number(const char *text);

#endif
