/* One request to the Lambda API: its parameters and body, and the response that is made for it.
 *
 * A handler sets the response with api_respond or api_fail; the API server (api.c) sends it after the handler
 * has returned. */
#ifndef LOCAL_API_REQUEST_H
#define LOCAL_API_REQUEST_H

#include "local/store/names.h"
#include "local/store/stamps.h"
#include "serve/httpd.h"

#include <stdbool.h>
#include <stddef.h>

/* jansson's; its header and util/json.h cannot be included together. */
struct json_t;

struct server;

struct api_request {
    struct server *server;
    struct httpd_request *http;
    const char *operation;               /* the operation's name in the API; NULL: unknown */
    char id[UUID_SIZE];                  /* x-amzn-RequestId */
    struct function_reference reference; /* the function in the path; qualifier from the path or the query */
    char alias[QUALIFIER_SIZE];          /* the alias in the path */
    unsigned int status;                 /* HTTP status; 0: no response yet */
    struct json_t *response;             /* the response body, owned; NULL: no body */
    const char *error;                   /* the type of the exception, a static string; NULL: no error */
    int retry_after_s;                   /* for the header Retry-After; 0: not sent */
    bool kept;                           /* the operation keeps the request and responds later */
    bool noted;                          /* the operation writes the request's line in the log itself */
};

/* Sets the response: an HTTP status, and a body or NULL. Takes ownership of `response`. */
void api_respond(struct api_request *request, unsigned int status, struct json_t *response);

/* Makes the response an error. `type` is the name of an API exception and must be a static string; it decides
 * the HTTP status. The message is formatted as by printf and cut to 2047 bytes. */
void api_fail(struct api_request *request, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a member, such as "Reason", to the body of the error that api_fail made. */
void api_fail_member(struct api_request *request, const char *name, const char *value);

/* Reads the query parameter `name` into `value`, which is cleared first. False when the parameter is absent
 * or its encoding is invalid. */
bool api_parameter(const struct api_request *request, const char *name, struct text *value);

/* Parses the body as a JSON object, which the caller releases. An empty body gives an empty object. When the
 * body is not an object, calls api_fail and returns NULL. */
struct json_t *api_body(struct api_request *request);

/* Reads the parameters of a list: `marker`, the name of the first item of the page ("": from the start), and
 * `limit`, the largest number of items in it. A marker is a name and not an index, so that deleting an item
 * between two pages does not shift the next page. When MaxItems is invalid, calls api_fail and returns
 * false. The caller releases `marker` either way. */
bool api_page(struct api_request *request, struct text *marker, size_t *limit);

#endif
