#include "console/request-guard.h"

#include "serve/host.h"
#include "serve/secret.h"

#include <strings.h>

/* True for the origin of this server's own page, with the name in the Host of the request. */
static bool is_origin(const char *origin, const char *host) {
    static const char scheme[] = "http://";
    return strncmp(origin, scheme, sizeof scheme - 1) == 0 &&
           strcasecmp(origin + sizeof scheme - 1, host) == 0;
}

/* Accepts requests from this site, typed addresses ("none"), and links from elsewhere to the page itself,
 * such as the one in the file of --open. */
static bool is_site(const struct guard_request *request, struct span rest) {
    if (!request->site || strcmp(request->site, "same-origin") == 0 || strcmp(request->site, "none") == 0)
        return true;
    return request->mode && strcmp(request->mode, "navigate") == 0 && span_equals(rest, "/");
}

static bool is_signed(struct span path, const char *secret, struct span *rest) {
    size_t prefix = strlen(GUARD_VIEW);
    if (path.length <= prefix || memcmp(path.start, GUARD_VIEW, prefix) != 0)
        return false;
    struct span text = {path.start + prefix, path.length - prefix};
    const char *slash = memrchr(text.start, '/', text.length);
    if (!slash)
        return false;
    struct text wanted = TEXT_INIT;
    *rest = (struct span){text.start, (size_t)(slash - text.start)};
    secret_sign(secret, *rest, &wanted);
    bool same = secret_equals((struct span){slash + 1, text.length - rest->length - 1}, wanted.bytes);
    text_release(&wanted);
    return same;
}

static bool has_secret(struct span path, const char *secret, struct span *rest) {
    if (!path.length || path.start[0] != '/')
        return false;
    const char *slash = memchr(path.start + 1, '/', path.length - 1);
    size_t length = slash ? (size_t)(slash - path.start) - 1 : path.length - 1;
    *rest = (struct span){path.start + 1 + length, path.length - 1 - length};
    return secret_equals((struct span){path.start + 1, length}, secret);
}

enum guard_verdict guard_judge(const struct guard_request *request, const char *secret, int port,
                               struct span *rest) {
    if (!host_is_loopback(request->host, port))
        return GUARD_REFUSED;
    if (request->origin && !is_origin(request->origin, request->host))
        return GUARD_REFUSED;
    if (has_secret(request->path, secret, rest))
        return is_site(request, *rest) ? GUARD_OURS : GUARD_REFUSED;
    return is_signed(request->path, secret, rest) ? GUARD_SIGNED : GUARD_REFUSED;
}
