/* The request log of --record, for tests: one JSON object per API request and line.
 *
 *     {"sequence":1,"operation":"Invoke","function":"primes","qualifier":"7","status":200,"method":"POST",
 *      "path":"...","query":"...","requestId":"...","payload":"{}","logType":"Tail"}
 *
 * A line is written when the response is sent; "sequence" is the order in which the requests were handled. */
#ifndef LOCAL_API_REQUEST_LOG_H
#define LOCAL_API_REQUEST_LOG_H

#include "serve/httpd.h"

struct server;
struct api_request;

/* Opens the file settings.record for appending, if it is set. False with errno. */
bool record_open(struct server *server);
void record_close(struct server *server);

/* Writes the line of a request whose response is known. Does nothing when there is no log. */
void record_request(const struct api_request *request);

/* The same in two steps, for an invocation. record_begin appends the members that are known at its start to
 * `line`; record_end appends the result, writes the line and releases it. */
void record_begin(const struct api_request *request, struct text *line);
void record_end(struct server *server, struct text *line, unsigned int status, const char *error);

#endif
