/* Detects requests that a web page made a browser send. A browser is a program of the same user, so
 * neither the port nor the user of a connection distinguishes it from a tool.
 *
 * A page whose name resolves to loopback (DNS rebinding) sends that name as Host. Any other page sends an
 * Origin with requests that change something, and current browsers send Sec-Fetch-Site with every request. */
#ifndef SERVE_HOST_H
#define SERVE_HOST_H

#include "serve/httpd.h"

#include <stdbool.h>

/* True when `host`, the value of a Host header or NULL, is 127.0.0.1, localhost or [::1] with `port`. */
bool host_is_loopback(const char *host, int port);

/* True when a web page of any site has sent the request. */
bool request_is_of_page(const struct httpd_request *request);

#endif
