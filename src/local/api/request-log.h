/* What pt-local notes of the API requests that it received, for tests: one JSON object a line.
 *
 *     {"sequence":1,"operation":"Invoke","function":"primes","qualifier":"7","status":200,"method":"POST","path":"...",
 *      "query":"...","requestId":"...","payload":"{}","logType":"Tail"}
 *
 * A line is written when the request is answered; `sequence` is the order in which they were handled. */
#ifndef LOCAL_API_REQUEST_LOG_H
#define LOCAL_API_REQUEST_LOG_H

#include "serve/httpd.h"

struct server;
struct api_request;

/* Opens the file that settings.record names, for appending; false with errno. */
bool record_open(struct server *server);
void record_close(struct server *server);

/* Notes a call that has been decided. */
void record_request(const struct api_request *request);

/* The same in two steps, for an invocation: `line` is what is known when it begins, empty when nothing is
 * noted. */
void record_begin(const struct api_request *request, struct text *line);
void record_end(struct server *server, struct text *line, unsigned int status, const char *error);

#endif
