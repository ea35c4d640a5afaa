#include "local/api/verify.h"

#include "aws/sigv4.h"
#include "local/server.h"
#include "serve/host.h"
#include "util/timestamp.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_HEADERS = 64, NAMES_SIZE = 2048, SIGNATURE_SIZE = 65, CLOCK_SKEW_S = 300 };

/* The parts of an Authorization header. */
struct authorization {
    char credential[256];
    char names[NAMES_SIZE]; /* SignedHeaders */
    char signature[SIGNATURE_SIZE];
    char *key, *date, *region, *service; /* in `credential` */
};

static bool refuse(struct api_request *request, const char *type, const char *message) {
    api_fail(request, type, "%s", message);
    return false;
}

/* Copies the text after `name` up to a comma or space. */
static bool take(const char *header, const char *name, char *out, size_t size) {
    const char *found = strstr(header, name);
    if (!found || (found != header && found[-1] != ' ' && found[-1] != ','))
        return false;
    found += strlen(name);
    size_t length = strcspn(found, ", ");
    if (!length || length >= size)
        return false;
    memcpy(out, found, length);
    out[length] = '\0';
    return true;
}

static bool split_credential(struct authorization *authorization) {
    char *rest = authorization->credential, *end;
    char **parts[] = {&authorization->key, &authorization->date, &authorization->region,
                      &authorization->service};
    for (size_t i = 0; i < 4; i++) {
        end = strchr(rest, '/');
        if (!end)
            return false;
        *end = '\0';
        *parts[i] = rest;
        rest = end + 1;
    }
    return strcmp(rest, "aws4_request") == 0;
}

static bool parse(struct api_request *request, struct authorization *authorization) {
    const char *header = httpd_header(request->http, "Authorization");
    if (!header)
        return refuse(request, "MissingAuthenticationTokenException", "Missing Authentication Token");
    if (strncmp(header, "AWS4-HMAC-SHA256 ", 17) != 0 ||
        !take(header, "Credential=", authorization->credential, sizeof authorization->credential) ||
        !take(header, "SignedHeaders=", authorization->names, sizeof authorization->names) ||
        !take(header, "Signature=", authorization->signature, sizeof authorization->signature))
        return refuse(
            request, "IncompleteSignatureException",
            "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.");
    if (!split_credential(authorization))
        return refuse(
            request, "IncompleteSignatureException",
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
    return true;
}

/* ---- host and origin ---- */

/* True for a loopback name with the port, and for a name given by --allow-host with any port. */
static bool is_own_host(const struct server *server, const char *host) {
    size_t length = host ? strlen(host) : 0;
    const char *colon = host ? strrchr(host, ':') : NULL;
    if (colon && !strchr(colon, ']'))
        length = (size_t)(colon - host);
    for (size_t i = 0; i < server->settings.host_count; i++)
        if (strlen(server->settings.hosts[i]) == length &&
            strncasecmp(server->settings.hosts[i], host, length) == 0)
            return true;
    return host_is_loopback(host, httpd_server_port(server->api));
}

static bool check_place(struct api_request *request) {
    const char *host = httpd_header(request->http, "Host");
    if (!is_own_host(request->server, host))
        return refuse(request, "AccessDeniedException",
                      "The Host of the request is not a name of this server.");
    if (request_is_of_page(request->http))
        return refuse(request, "AccessDeniedException", "Web pages may not use this server.");
    return true;
}

/* ---- date and scope ---- */

static bool check_time(struct api_request *request, const struct authorization *authorization, time_t now) {
    const char *sent = httpd_header(request->http, "X-Amz-Date");
    char present[SIGV4_TIME_SIZE];
    time_t when;
    const char *end = sent ? timestamp_read(sent, &when) : NULL;
    if (!end || *end || strncmp(sent, authorization->date, 8) != 0 || strlen(authorization->date) != 8)
        return refuse(request, "IncompleteSignatureException",
                      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
    sigv4_time(now, present);
    double off = difftime(when, now);
    if (off < -CLOCK_SKEW_S)
        api_fail(request, "InvalidSignatureException",
                 "Signature expired: %s is now earlier than %s - 5 min.", sent, present);
    else if (off > CLOCK_SKEW_S)
        api_fail(request, "InvalidSignatureException",
                 "Signature not yet current: %s is still later than %s + 5 min.", sent, present);
    return !request->error;
}

static bool check_scope(struct api_request *request, const struct authorization *authorization,
                        const struct keys *known) {
    const char *token = httpd_header(request->http, "X-Amz-Security-Token");
    if (strcmp(authorization->key, known->access_key_id) != 0 ||
        (known->session_token && (!token || strcmp(token, known->session_token) != 0)))
        return refuse(request, "UnrecognizedClientException",
                      "The security token included in the request is invalid.");
    if (strcmp(authorization->region, request->server->settings.region) != 0)
        return refuse(request, "InvalidSignatureException", "Credential should be scoped to a valid region.");
    if (strcmp(authorization->service, "lambda") != 0)
        return refuse(request, "InvalidSignatureException",
                      "Credential should be scoped to correct service: 'lambda'.");
    return true;
}

/* ---- signature ---- */

/* Collects the headers that `names` lists; splits `names` in place. False when "host" is not in the list or a
 * header is absent. */
static bool gather(const struct httpd_request *http, char *names, struct sigv4_header *headers,
                   size_t *count) {
    bool has_host = false;
    *count = 0;
    for (char *rest = names, *name; (name = strsep(&rest, ";"));) {
        const char *value = httpd_header(http, name);
        if (!value || *count == MAX_HEADERS)
            return false;
        has_host = has_host || strcmp(name, "host") == 0;
        headers[(*count)++] = (struct sigv4_header){name, value};
    }
    return has_host;
}

static void sign(const struct sigv4_scope *scope, const struct sigv4_request *signed_request,
                 char *signature) {
    struct text canonical = TEXT_INIT, names = TEXT_INIT, to_sign = TEXT_INIT;
    unsigned char key[SHA256_SIZE];
    sigv4_canonical_request(signed_request, &canonical, &names);
    sigv4_string_to_sign(scope, canonical.bytes, canonical.length, &to_sign);
    sigv4_signing_key(scope, key);
    sigv4_signature(key, to_sign.bytes, to_sign.length, signature);
    text_release(&canonical);
    text_release(&names);
    text_release(&to_sign);
}

static bool is_signed_by(const struct httpd_request *http, struct authorization *authorization,
                         const struct keys *known) {
    struct sigv4_header headers[MAX_HEADERS];
    char hash[SHA256_HEX_SIZE], wanted[SHA256_HEX_SIZE], path[4096];
    size_t count;
    const char *claimed = httpd_header(http, "X-Amz-Content-Sha256");
    sha256_hex(text_string(&http->body), http->body.length, hash);
    if ((claimed && strcmp(claimed, hash) != 0) || http->path.length >= sizeof path ||
        !gather(http, authorization->names, headers, &count))
        return false;
    snprintf(path, sizeof path, "%.*s", (int)http->path.length, http->path.start);
    struct sigv4_request signed_request = {.method = http->method.start,
                                           .path = path,
                                           .query = http->query.start ? http->query.start : "",
                                           .headers = headers,
                                           .header_count = count,
                                           .payload_sha256 = hash};
    struct sigv4_scope scope = {.access_key_id = known->access_key_id,
                                .secret_access_key = known->secret_access_key,
                                .region = authorization->region,
                                .service = authorization->service};
    snprintf(scope.time, sizeof scope.time, "%s", httpd_header(http, "X-Amz-Date"));
    sign(&scope, &signed_request, wanted);
    return strlen(authorization->signature) == strlen(wanted) &&
           CRYPTO_memcmp(authorization->signature, wanted, strlen(wanted)) == 0;
}

/* ---- the whole request ---- */

static bool refuse_size(struct api_request *request, size_t length) {
    bool invokes = request->operation && strcmp(request->operation, "Invoke") == 0;
    api_fail(request, "RequestTooLargeException", "%zu byte payload is too large for the %s (limit %d bytes)",
             length, invokes ? "RequestResponse invocation type" : "operation", PAYLOAD_LIMIT);
    return false;
}

/* Also fills in the parts of the Authorization header. */
static bool check_headers(struct api_request *request, struct authorization *authorization, time_t now) {
    const char *length = httpd_header(request->http, "Content-Length");
    if (!check_place(request))
        return false;
    if (request->server->settings.verify &&
        (!parse(request, authorization) || !check_time(request, authorization, now) ||
         !check_scope(request, authorization, &request->server->settings.keys)))
        return false;
    size_t announced = length ? strtoull(length, NULL, 10) : 0;
    return announced <= PAYLOAD_LIMIT || refuse_size(request, announced);
}

bool verify_headers(struct api_request *request, time_t now) {
    struct authorization authorization;
    return check_headers(request, &authorization, now);
}

bool verify_request(struct api_request *request, time_t now) {
    struct authorization authorization;
    const struct httpd_request *http = request->http;
    if (!check_headers(request, &authorization, now))
        return false;
    if (http->body_length > PAYLOAD_LIMIT)
        return refuse_size(request, http->body_length);
    if (http->crowded_out) {
        request->retry_after_s = 1;
        return refuse(request, "TooManyRequestsException", "Rate Exceeded.");
    }
    if (http->body_length != http->body.length ||
        (request->server->settings.verify &&
         !is_signed_by(http, &authorization, &request->server->settings.keys)))
        return refuse(
            request, "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided. Check your AWS "
            "Secret Access Key and signing method. Consult the service documentation for details.");
    return true;
}
