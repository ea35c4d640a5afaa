/* One request to the Lambda API: its parameters and body, and the response that is made for it.
 *
 * A handler sets the response with api_respond or api_fail; the API server (api.c) sends it after the handler
 * has returned. */
#ifndef LOCAL_API_REQUEST_H
#define LOCAL_API_REQUEST_H

#include "local/store/names.h"
#include "local/store/stamps.h"
#include "serve/httpd.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

struct server;

struct api_request {
    struct server *server;
    struct httpd_request *http;
    const char *operation;               /* the operation's name in the API; NULL: unknown */
    char id[UUID_SIZE];                  /* x-amzn-RequestId */
    struct function_reference reference; /* the function in the path; qualifier from the path or the query */
    char alias[QUALIFIER_SIZE];          /* the alias in the path */
    unsigned int status;                 /* HTTP status; 0: no response yet */
    struct text response;                /* the response body, JSON, or empty */
    struct text body;                    /* what api_body has read */
    const char *error;                   /* the type of the exception, a static string; NULL: no error */
    int retry_after_s;                   /* for the header Retry-After; 0: not sent */
    bool kept;                           /* the operation keeps the request and responds later */
    bool noted;                          /* the operation writes the request's line in the log itself */
};

/* Sets the HTTP status of the response, and returns its body, which is empty: the caller may append to it. */
struct text *api_respond(struct api_request *request, unsigned int status);

/* Makes the response an error. `type` is the name of an API exception and must be a static string; it decides
 * the HTTP status. The message is formatted as by printf and cut to 2047 bytes. */
void api_fail(struct api_request *request, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a member, such as "Reason", to the body of the error that api_fail made. */
void api_fail_member(struct api_request *request, const char *name, const char *value);

/* Reads the query parameter `name` into `value`, which is cleared first. False when the parameter is absent
 * or its encoding is invalid. */
bool api_parameter(const struct api_request *request, const char *name, struct text *value);

/* Reads the body as a JSON object (json_append_sorted), valid as long as the request. An empty body gives an
 * empty object. When the body is not an object, or has a string with a NUL or a lone surrogate, calls api_fail
 * and returns false. */
bool api_body(struct api_request *request, struct span *body);

/* Frees what the request owns. */
void api_request_release(struct api_request *request);

/* ---- lists ---- */

/* A page of a list. A marker is a name and not an index, so that deleting an item between two pages does not
 * shift the next page. */
struct api_page {
    struct api_request *request;
    struct text marker; /* the name of the first item of the page; "": from the start */
    struct text next;   /* the marker of the next page; "": this is the last */
    size_t room;        /* for further items */
};

/* Reads the parameters, and begins a response whose member `member` is the list. When MaxItems is invalid,
 * calls api_fail and returns false. */
bool api_page_begin(struct api_request *request, const char *member, struct api_page *page);

/* To be called before each item, with its name, from the marker on. Returns the response for the caller to
 * append the item to; NULL when the page is full. */
struct text *api_page_item(struct api_page *page, const char *name);

/* Ends the response. */
void api_page_end(struct api_page *page);

#endif
