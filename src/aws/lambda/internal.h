/* What the operations of Lambda share with each other and with nobody else: how their requests are made and
 * their answers read. */
#ifndef AWS_LAMBDA_INTERNAL_H
#define AWS_LAMBDA_INTERNAL_H

#include "aws/lambda/lambda.h"

#include <jansson.h>
#include <stdbool.h>

/* ---- requests ---- */

/* Appends the path of `function`, and `rest` behind it. */
void lambda_append_path(struct text *path, const char *function, const char *rest);

/* Appends "name=value" to a query; nothing when the value is NULL or "". */
void lambda_append_parameter(struct text *query, const char *name, const char *value);

/* A call that reads; one that changes something, with a JSON body. */
bool lambda_read_call(struct aws_client *client, const char *path, const char *query, bool unpaced,
                      struct aws_response *response);
bool lambda_change_call(struct aws_client *client, const char *method, const char *path,
                        const json_t *document, struct aws_deadline *deadline, struct aws_response *response);

/* Members of a request: left out when NULL, or below 0. */
void lambda_set_string(json_t *document, const char *name, const char *value);
void lambda_set_whole(json_t *document, const char *name, long long value);

/* One page of a list; the marker of the next page, owned, or NULL behind the last. */
bool lambda_list_page(struct aws_client *client, const char *path, const char *parameter, const char *value,
                      const char *marker, struct aws_response *response);
char *lambda_next_marker(const struct aws_response *response);

/* ---- answers ---- */

/* A member as an owned string, "" when there is none; as a whole number. */
char *lambda_copy_member(const json_t *document, const char *name);
long long lambda_whole_member(const json_t *document, const char *name, long long otherwise);

/* Fills `configuration`, over what it held before. */
void lambda_read_configuration(json_t *document, struct function_configuration *configuration);

/* The same, but false when the document is no configuration: the answer's outcome is then one without an
 * answer. */
bool lambda_take_configuration(json_t *document, struct function_configuration *configuration,
                               struct aws_response *response, bool change);

/* Drops the answer's body, which has the environment variables, as soon as it is read. */
void lambda_drop_document(struct aws_response *response);

#endif
