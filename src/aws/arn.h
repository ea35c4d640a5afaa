/* Names of Lambda functions: a full ARN (arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER]), a partial
 * one (ACCOUNT:function:NAME[:QUALIFIER], also REGION:ACCOUNT:function:...), or NAME[:QUALIFIER]. Source: the
 * patterns of FunctionName, NamespacedFunctionName and Qualifier in Lambda's service model. */
#ifndef AWS_ARN_H
#define AWS_ARN_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* The parts of a name; "" where it does not say. All strings are owned: function_name_release. */
struct function_name {
    char *partition; /* "aws", "aws-cn", ... */
    char *region;
    char *account; /* 12 digits */
    char *name;
    char *qualifier; /* a version's number, "$LATEST", or an alias */
};

/* Takes `text` apart. False when it is none of the three forms; `problem` then says why, and `function` holds
 * nothing. */
bool function_name_parse(struct span text, struct function_name *function, struct text *problem);

/* Appends what to call the function in a request: its ARN without a qualifier when the whole ARN is known;
 * the partial ARN when the account is; else the name. */
void function_name_identifier(const struct function_name *function, struct text *out);

void function_name_release(struct function_name *function);

/* True when `text` is the number of a published version: [1-9][0-9]*. "$LATEST" and aliases are none. */
bool is_version_number(const char *text);

#endif
