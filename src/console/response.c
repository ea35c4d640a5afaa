#include "console/response.h"

#include "util/files.h"
#include "util/json.h"

enum { PAGE_LIMIT = 1024 * 1024 };

static const char page_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
static const char view_policy[] =
    "sandbox allow-scripts allow-popups allow-popups-to-escape-sandbox; default-src 'none'; script-src "
    "'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'";

static size_t headers_with(const char *type, const char *policy, struct httpd_header *headers) {
    const struct httpd_header fields[] = {{"Content-Type", type},
                                          {"Content-Security-Policy", policy},
                                          {"X-Content-Type-Options", "nosniff"},
                                          {"Referrer-Policy", "no-referrer"},
                                          {"Cache-Control", "no-store"},
                                          {"Cross-Origin-Resource-Policy", "same-origin"},
                                          {"Cross-Origin-Opener-Policy", "same-origin"}};
    size_t count = sizeof fields / sizeof *fields;
    memcpy(headers, fields, sizeof fields);
    return count;
}

size_t response_headers(const char *type, struct httpd_header *headers) {
    return headers_with(type, page_policy, headers);
}

void respond(struct httpd_request *request, unsigned int status, const char *type, struct text *body) {
    struct httpd_header headers[RESPONSE_HEADERS];
    size_t count = response_headers(type, headers);
    httpd_respond(request, status, headers, count, body);
}

void respond_error(struct httpd_request *request, unsigned int status, const char *why) {
    struct text body = TEXT_INIT;
    text_append_byte(&body, '{');
    json_put_string(&body, "error", why);
    text_append_string(&body, "}\n");
    respond(request, status, "application/json", &body);
}

void respond_page(struct httpd_request *request, const char *name, const char *type) {
    struct text path = TEXT_INIT, body = TEXT_INIT;
    text_append_format(&path, "console/%s", name);
    struct text file = TEXT_INIT;
    if (share_path(path.bytes, &file) && file_read(file.bytes, PAGE_LIMIT, &body))
        respond(request, 200, type, &body);
    else
        respond_error(request, 500, "the page is not installed");
    text_release(&path);
    text_release(&file);
    text_release(&body);
}

void respond_view(struct httpd_request *request, struct text *page) {
    struct httpd_header headers[RESPONSE_HEADERS];
    size_t count = headers_with("text/html; charset=utf-8", view_policy, headers);
    httpd_respond(request, 200, headers, count, page);
}
