/* The Lambda API: which request is which operation, and the forms of its answers and errors.
 *
 * An operation is a function that fills in its call: api_answer or api_fail, or nothing when it has kept the
 * request and will answer later (Invoke). */
#ifndef LOCAL_API_API_H
#define LOCAL_API_API_H

#include "local/store/names.h"
#include "local/store/stamps.h"
#include "local/store/store.h"
#include "serve/httpd.h"

#include <stdbool.h>

struct api_request;
typedef void api_operation(struct api_request *call);

struct api_request {
    struct server *server;
    struct httpd_request *request;
    const char *operation; /* its name in the API */
    char id[UUID_SIZE];    /* of the request */
    struct function_reference
        reference;              /* the function in the path; the qualifier from there or from the query */
    char alias[QUALIFIER_SIZE]; /* the alias in the path */
    unsigned int status;        /* 0: not answered yet */
    struct json_t *response;    /* owned; NULL: no body */
    const char *error;          /* its type, or NULL */
    int retry_after_s;          /* 0: none */
    bool kept;                  /* it will be answered later */
    bool noted;                 /* it will be recorded later */
};

/* The options of the HTTP server of the API. */
struct httpd_options api_options(struct server *server);

/* Takes `response` over. */
void api_respond(struct api_request *call, unsigned int status, struct json_t *response);

/* Refuses the call: `type` is an exception of the API, a static string; the message is formatted. */
void api_fail(struct api_request *call, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a member to the body of a refusal, "Reason". */
void api_fail_member(struct api_request *call, const char *name, const char *value);

/* A parameter of the query; false when it is not there. `value` is cleared before. */
bool api_parameter(const struct api_request *call, const char *name, struct text *value);

/* The body as a JSON object, to be released by the caller (an empty body is an empty object); NULL when it is
 * none: the call is then refused. */
struct json_t *api_body(struct api_request *call);

/* The function that the call names, settled; NULL when there is none: the call is then refused. */
struct function *api_function(struct api_request *call);

/* The same for an invocation: its folder is not looked at each time. */
struct function *api_function_to_run(struct api_request *call);

/* The version that the call names by its qualifier: $LATEST without one, a number, or what an alias points
 * at. `*alias` becomes the alias or NULL. NULL: there is none, and the call is refused. */
struct version *api_version(struct api_request *call, struct function *function, struct alias **alias);

/* True when a qualifier was given that is no number and not $LATEST. */
bool api_is_alias_name(const char *qualifier);

/* The version number that `text` names: "$LATEST" is 0. False when it is neither. */
bool api_version_number(const char *text, unsigned long *number);

/* True, and the call is refused, when its body's RevisionId is another than `revision`; when an update of
 * `version` has not settled yet. */
bool api_refuse_revision(struct api_request *call, const struct json_t *body, const char *revision);
bool api_refuse_busy(struct api_request *call, const struct version *version);

/* Where a page of a list begins, Marker, and how many it has at most, MaxItems. A marker is the name of the
 * first item of the page, so that items that go in the meantime move nothing. False: the call is refused. */
bool api_page(struct api_request *call, struct text *marker, size_t *limit);

/* Appends "arn:aws:lambda:REGION:ACCOUNT:function:NAME" and, when `qualifier` is not empty, ":QUALIFIER". */
void api_arn(const struct server *server, const char *name, const char *qualifier, struct text *arn);

/* ---- the operations ---- */

api_operation api_get_function, api_get_function_configuration, api_update_function_configuration,
    api_list_functions, api_delete_function, api_publish_version, api_list_versions, api_create_alias,
    api_get_alias, api_update_alias, api_delete_alias, api_list_aliases, api_get_account_settings,
    api_get_concurrency, api_put_concurrency, api_delete_concurrency, api_get_runtime_management,
    api_list_tags, api_get_policy, api_invoke;

#endif
