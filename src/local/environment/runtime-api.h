/* The Lambda Runtime API, version 2018-06-01, which a function's bootstrap uses.
 *
 * Each environment has an address of its own. One HTTP server serves them all; the connection tells which
 * environment a request belongs to. Events may be confidential, and responses must not be forged:
 * connections of other users are closed unread (serve/peer.h), and requests from web pages are refused. */
#ifndef LOCAL_ENVIRONMENT_RUNTIME_API_H
#define LOCAL_ENVIRONMENT_RUNTIME_API_H

#include "local/environment/environment.h"
#include "serve/httpd.h"

/* The options of the HTTP server for all environments. */
struct httpd_options runtime_api_options(struct server *server);

/* Listens on a free port of loopback and sets `environment->port`. False with errno. */
bool runtime_api_listen(struct environment *environment);

/* Stops listening. Requests on the remaining connections are dropped. */
void runtime_api_close(struct environment *environment);

/* Responds to the runtime's request for the next invocation with `invocation`, and takes its payload. */
void runtime_api_deliver(struct httpd_request *request, struct invocation *invocation,
                         long long deadline_unix_ms);

/* Refuses a request that is not allowed in the environment's state; `state` is the transition, for the
 * message. */
void runtime_api_refuse(struct httpd_request *request, const char *state);

#endif
