/* Answers, with the fields that every answer has: nothing is kept by the browser, guessed, framed by others,
 * or allowed to reach another place. */
#ifndef CONSOLE_RESPONSE_H
#define CONSOLE_RESPONSE_H

#include "serve/httpd.h"

enum { RESPONSE_HEADERS = 8 };

/* The fields for a content of that type. `headers` has room for ANSWER_HEADERS; how many. */
size_t response_headers(const char *type, struct httpd_header *headers);

/* `body` is taken over. */
void response(struct httpd_request *request, unsigned int status, const char *type, struct text *body);

/* {"error":S} */
void response_error(struct httpd_request *request, unsigned int status, const char *why);

/* The page, its style or its script, by its name in share/console. */
void response_page(struct httpd_request *request, const char *name, const char *type);

/* A page that is shown but not trusted: it has an origin of its own, and reaches nothing. */
void response_view(struct httpd_request *request, struct text *page);

#endif
