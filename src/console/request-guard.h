/* The request guard: decides which requests are served at all. A request must satisfy three conditions:
 *
 *   - Its Host is a loopback address or name. A page whose name resolves to loopback (DNS rebinding) sends
 *     its own name.
 *   - Its Origin, if any, is this server's own. Browsers send it with POST requests and requests to other
 *     sites.
 *   - Its path begins with the secret, or was signed with the secret. */
#ifndef CONSOLE_REQUEST_GUARD_H
#define CONSOLE_REQUEST_GUARD_H

#include "util/span.h"

/* The origin and target of a request; NULL: header absent. */
struct guard_request {
    const char *host, *origin;
    const char *site; /* Sec-Fetch-Site */
    const char *mode; /* Sec-Fetch-Mode */
    struct span path;
};

enum guard_verdict {
    GUARD_OURS,   /* has the secret: `rest` is the path after it */
    GUARD_SIGNED, /* has a signature: `rest` is the signed text */
    GUARD_REFUSED
};

/* Judges a request. `rest` is a part of the request's path. */
enum guard_verdict guard_judge(const struct guard_request *request, const char *secret, int port,
                               struct span *rest);

/* Signed paths are "/view/SIGNED/SIGNATURE"; they lead to pages that are shown but not trusted. */
#define GUARD_VIEW "/view/"

#endif
