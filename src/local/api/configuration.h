/* Function configurations: initial values, updates, and how the API shows them. */
#ifndef LOCAL_API_CONFIGURATION_H
#define LOCAL_API_CONFIGURATION_H

#include "local/api/api.h"
#include "local/store/store.h"

/* Returns the configuration of a new function `name` according to the settings; the caller owns it. */
char *configuration_new(const struct server *server, const char *name, const char *runtime,
                        const char *handler);

/* Appends the API's FunctionConfiguration of a version. The ARN ends in `qualifier`, unless that is "". */
void configuration_show(const struct version *version, const char *qualifier, struct text *out);

/* Returns a copy of `present` with the members of `update`; the caller owns it. Ignores members that
 * UpdateFunctionConfiguration does not have. When a member is not valid, calls api_fail and returns NULL. */
char *configuration_update(struct api_request *request, const char *present, struct span update);

/* Calls api_fail and returns true when the string token `description` has more than 256 characters. False
 * when it is absent. */
bool configuration_refuses_description(struct api_request *request, struct span description);

#endif
