/* Responses, with the header fields that protect the page: the browser must not cache them, guess their
 * type, show them in a frame of another site, or connect to other sites. */
#ifndef CONSOLE_RESPONSE_H
#define CONSOLE_RESPONSE_H

#include "serve/httpd.h"

enum { RESPONSE_HEADERS = 8 };

/* Sets `headers`, which has room for RESPONSE_HEADERS, for a content type. Returns the number of headers. */
size_t response_headers(const char *type, struct httpd_header *headers);

/* Responds with `body`, whose ownership is taken. */
void respond(struct httpd_request *request, unsigned int status, const char *type, struct text *body);

/* Responds with {"error":S}. */
void respond_error(struct httpd_request *request, unsigned int status, const char *why);

/* Responds with a file of share/console. */
void respond_page(struct httpd_request *request, const char *name, const char *type);

/* Responds with a page that is shown but not trusted: it gets an opaque origin and cannot connect
 * anywhere. */
void respond_view(struct httpd_request *request, struct text *page);

#endif
