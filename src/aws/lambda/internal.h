/* Shared by the operations of Lambda: building requests and reading responses. Only for the files of this
 * folder. */
#ifndef AWS_LAMBDA_INTERNAL_H
#define AWS_LAMBDA_INTERNAL_H

#include "aws/lambda/lambda.h"
#include "util/json.h"

#include <stdbool.h>

/* ---- requests ---- */

/* Appends the path of `function`, followed by `rest`. */
void lambda_append_path(struct text *path, const char *function, const char *rest);

/* Appends "name=value" to a query; nothing when the value is NULL or "". */
void lambda_append_parameter(struct text *query, const char *name, const char *value);

/* lambda_read sends a request that only reads; lambda_change sends one that changes something, with
 * `members` as the members of its JSON body. */
bool lambda_read(struct aws_client *client, const char *path, const char *query, bool unpaced,
                 struct aws_response *response);
bool lambda_change(struct aws_client *client, const char *method, const char *path,
                   const struct text *members, struct aws_deadline *deadline, struct aws_response *response);

/* Reads all pages of a list, and calls `take` for each element of their member `member`. */
bool lambda_list(struct aws_client *client, const char *path, const char *parameter, const char *value,
                 const char *member, void (*take)(struct span element, void *list), void *list,
                 struct aws_response *response);

/* ---- responses ---- */

/* A member as an owned string ("" when absent), and as a whole number. */
char *lambda_copy_member(struct span document, const char *name);
long long lambda_whole_member(struct span document, const char *name, long long otherwise);

/* Fills `configuration`. Earlier content is overwritten, not freed. */
void lambda_read_configuration(struct span document, struct function_configuration *configuration);

/* The same, but false when the document is not a configuration: the result is then the same as without a
 * response. */
bool lambda_take_configuration(struct span document, struct function_configuration *configuration,
                               struct aws_response *response, bool change);

/* Drops the response's body, which contains the environment variables, as soon as it is read. */
void lambda_drop_document(struct aws_response *response);

#endif
