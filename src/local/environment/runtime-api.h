/* The Lambda Runtime API, version 2018-06-01: what a bootstrap speaks with its environment.
 *
 * Each environment has an address of its own; one HTTP server serves them all and knows by the connection
 * whose it is. Events may be secrets, and whoever may answer can forge: connections of other users are closed
 * unread (serve/peer.h), and what a web page sends is refused. */
#ifndef LOCAL_ENVIRONMENT_RUNTIME_API_H
#define LOCAL_ENVIRONMENT_RUNTIME_API_H

#include "local/environment/environment.h"
#include "serve/httpd.h"

/* The options of the HTTP server for all environments. */
struct httpd_options runtime_api_options(struct server *server);

/* Opens the environment's address, `environment->port`. False with errno. */
bool runtime_api_listen(struct environment *environment);

/* Closes it; connections that are still there belong to nobody. */
void runtime_api_close(struct environment *environment);

/* Answers `request`, which asked for the next invocation, with `invocation`, whose payload is taken. */
void runtime_api_deliver(struct httpd_request *request, struct invocation *invocation,
                         long long deadline_unix_ms);

/* What is refused: another request than the environment's state allows. */
void runtime_api_refuse(struct httpd_request *request, const char *state);

#endif
