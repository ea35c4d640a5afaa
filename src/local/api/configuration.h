/* The configurations of functions, as the API takes and shows them. */
#ifndef LOCAL_API_CONFIGURATION_H
#define LOCAL_API_CONFIGURATION_H

#include "local/api/api.h"
#include "local/store/store.h"

/* What a new function `name` has, by the settings; `handler` may be NULL. */
struct json_t *configuration_new(const struct server *server, const char *name, const char *runtime,
                                 const char *handler);

/* The API's FunctionConfiguration. `qualifier` is what the ARN ends in; "" for none. */
struct json_t *configuration_show(const struct version *version, const char *qualifier);

/* Puts the members of `update` into a copy of `present` and returns it. NULL: one of them is not allowed, and
 * the call is refused. Members that UpdateFunctionConfiguration does not have are passed over. */
struct json_t *configuration_update(struct api_request *request, const struct json_t *present,
                                    struct json_t *update);

/* True when `text` has more than 256 characters: the call is then refused. */
bool configuration_refuses_description(struct api_request *request, const char *text);

#endif
