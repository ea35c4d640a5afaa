/* Function configurations: initial values, updates, and how the API shows them. */
#ifndef LOCAL_API_CONFIGURATION_H
#define LOCAL_API_CONFIGURATION_H

#include "local/api/api.h"
#include "local/store/store.h"

/* Returns the configuration of a new function `name` according to the settings; the caller owns it. */
struct json_t *configuration_new(const struct server *server, const char *name, const char *runtime,
                                 const char *handler);

/* Returns the API's FunctionConfiguration of a version; the caller owns it. The ARN ends in `qualifier`,
 * unless that is "". */
struct json_t *configuration_show(const struct version *version, const char *qualifier);

/* Returns a copy of `present` with the members of `update`; the caller owns it. Ignores members that
 * UpdateFunctionConfiguration does not have. When a member is not valid, calls api_fail and returns NULL. */
struct json_t *configuration_update(struct api_request *request, const struct json_t *present,
                                    struct json_t *update);

/* Calls api_fail and returns true when `text` has more than 256 characters. */
bool configuration_refuses_description(struct api_request *request, const char *text);

#endif
