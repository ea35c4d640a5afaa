#include "serve/host.h"

#include <stddef.h>
#include <stdio.h>
#include <strings.h>

bool host_is_loopback(const char *host, int port) {
    static const char *const names[] = {"127.0.0.1", "localhost", "[::1]"};
    char wanted[32];
    for (size_t i = 0; host && i < sizeof names / sizeof *names; i++) {
        snprintf(wanted, sizeof wanted, "%s:%d", names[i], port);
        if (strcasecmp(host, wanted) == 0)
            return true;
    }
    return false;
}

bool request_is_of_page(const struct httpd_request *request) {
    return httpd_header(request, "Origin") || httpd_header(request, "Sec-Fetch-Site");
}
