/* Which requests are answered at all.
 *
 * Three things must be right. The Host is loopback by address or by name: a page whose name was made to
 * resolve to loopback (DNS rebinding) sends its own. The Origin, which browsers send with what a page posts
 * or asks of another site, is this server's own, or there is none. And the path begins with the secret, or is
 * one that was signed with it. */
#ifndef CONSOLE_REQUEST_GUARD_H
#define CONSOLE_REQUEST_GUARD_H

#include "util/span.h"

/* What a request says of where it comes from; NULL: nothing. */
struct guard_request {
    const char *host, *origin;
    const char *site; /* Sec-Fetch-Site */
    const char *mode; /* Sec-Fetch-Mode */
    struct span path;
};

enum guard_verdict {
    GUARD_OURS,   /* behind the secret: `rest` is the path behind it */
    GUARD_SIGNED, /* `rest` is what was signed */
    GUARD_REFUSED
};

/* `rest` lies in the request's path. */
enum guard_verdict guard_judge(const struct guard_request *request, const char *secret, int port,
                               struct span *rest);

/* A path behind this prefix is "/view/SIGNED/SIGNATURE": pages that are shown but not trusted. */
#define GUARD_VIEW "/view/"

#endif
