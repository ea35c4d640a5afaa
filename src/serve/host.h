/* Requests that a web page has a browser send. A browser is the user's own program, so that neither the port
 * nor the user of a connection tells it from a tool.
 *
 * A page whose name was made to resolve to loopback (DNS rebinding) sends that name as Host. Any other page
 * sends an Origin with what changes something, and browsers of today Sec-Fetch-Site with everything. */
#ifndef SERVE_HOST_H
#define SERVE_HOST_H

#include "serve/httpd.h"

#include <stdbool.h>

/* True when `host`, the value of a Host header or NULL, is 127.0.0.1, localhost or [::1] with `port`. */
bool host_is_loopback(const char *host, int port);

/* True when a page of any site has sent the request. */
bool request_is_of_page(const struct httpd_request *request);

#endif
