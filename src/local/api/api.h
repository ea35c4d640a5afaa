/* The Lambda API: maps each HTTP request to an operation, and holds what the operations share.
 *
 * An operation is a function that sets the response of its request (api_respond or api_fail), or keeps the
 * request and responds later (Invoke). */
#ifndef LOCAL_API_API_H
#define LOCAL_API_API_H

#include "local/api/request.h"
#include "local/store/store.h"
#include "serve/httpd.h"

#include <stdbool.h>

typedef void api_operation(struct api_request *request);

/* The options of the API's HTTP server. */
struct httpd_options api_options(struct server *server);

/* Finds the function that the request names, and brings it up to date (store_settle). When there is no such
 * function, calls api_fail and returns NULL. */
struct function *api_function(struct api_request *request);

/* The same as api_function for an invocation: checks the function's folder for changes at most once a second,
 * because a folder may have many files. */
struct function *api_function_to_run(struct api_request *request);

/* Finds the version that the request's qualifier names: $LATEST without a qualifier, a version number, or the
 * version that an alias points to. Sets `*alias` to that alias, or to NULL. When there is no such version,
 * calls api_fail and returns NULL. */
struct version *api_version(struct api_request *request, struct function *function, struct alias **alias);

/* Parses a version: a number, or "$LATEST", which is 0. False when `text` is neither. */
bool api_version_number(const char *text, unsigned long *number);

/* Calls api_fail and returns true when the body has a RevisionId other than `revision`. */
bool api_refuse_revision(struct api_request *request, struct span body, const char *revision);

/* Calls api_fail and returns true when an update of `version` is still in progress. */
bool api_refuse_busy(struct api_request *request, const struct version *version);

/* Appends "arn:aws:lambda:REGION:ACCOUNT:function:NAME" and, when `qualifier` is not empty, ":QUALIFIER". */
void api_arn(const struct server *server, const char *name, const char *qualifier, struct text *arn);

/* Appends the response of GetFunctionConcurrency. */
void api_show_concurrency(const struct function *function, struct text *out);

/* ---- the operations ---- */

api_operation api_get_function, api_get_function_configuration, api_update_function_configuration,
    api_list_functions, api_delete_function, api_publish_version, api_list_versions, api_create_alias,
    api_get_alias, api_update_alias, api_delete_alias, api_list_aliases, api_get_account_settings,
    api_get_concurrency, api_put_concurrency, api_delete_concurrency, api_get_runtime_management,
    api_list_tags, api_get_policy, api_invoke;

#endif
