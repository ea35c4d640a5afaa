#include "local/environment/runtime-api.h"

#include "local/server.h"
#include "serve/host.h"
#include "serve/peer.h"
#include "util/json.h"
#include "util/memory.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As on Lambda, responses are limited to 6 MB and 100 bytes. */
enum { RESPONSE_LIMIT = PAYLOAD_LIMIT + 100, BACKLOG = 64 };

/* One connection from a runtime. */
struct runtime_peer {
    struct environment *environment; /* NULL: the environment has ended */
    struct runtime_peer *previous, *next;
};

/* ---- responses ---- */

static void respond_error(struct httpd_request *request, unsigned int status, const char *type,
                          const char *message) {
    struct text body = TEXT_INIT;
    const struct httpd_header header = {"Content-Type", "application/json"};
    text_append_byte(&body, '{');
    json_put_string(&body, "errorMessage", message);
    json_put_string(&body, "errorType", type);
    text_append_byte(&body, '}');
    httpd_respond(request, status, &header, 1, &body);
}

static void accept_response(struct httpd_request *request) {
    struct text body = TEXT_INIT;
    const struct httpd_header header = {"Content-Type", "application/json"};
    text_append_string(&body, "{\"status\":\"OK\"}\n");
    httpd_respond(request, 202, &header, 1, &body);
}

void runtime_api_refuse(struct httpd_request *request, const char *state) {
    char message[160];
    snprintf(message, sizeof message,
             "State transition from %s failed for runtime. Error: State transition is not allowed", state);
    respond_error(request, 403, "InvalidStateTransition", message);
}

static void refuse_method(struct httpd_request *request) {
    httpd_respond(request, 405, NULL, 0, NULL);
}

static void not_found(struct httpd_request *request) {
    struct text body = TEXT_INIT;
    const struct httpd_header header = {"Content-Type", "text/plain; charset=utf-8"};
    text_append_string(&body, "404 page not found\n");
    httpd_respond(request, 404, &header, 1, &body);
}

void runtime_api_deliver(struct httpd_request *request, struct invocation *invocation,
                         long long deadline_unix_ms) {
    char deadline[32];
    snprintf(deadline, sizeof deadline, "%lld", deadline_unix_ms);
    const struct httpd_header headers[] = {
        {"Content-Type", "application/json"},
        {"Lambda-Runtime-Aws-Request-Id", invocation->id},
        {"Lambda-Runtime-Deadline-Ms", deadline},
        {"Lambda-Runtime-Invoked-Function-Arn", invocation->arn},
        {"Lambda-Runtime-Trace-Id", invocation->trace},
        {"Lambda-Runtime-Client-Context", invocation->client_context},
    };
    httpd_respond(request, 200, headers, sizeof headers / sizeof *headers, &invocation->payload);
}

/* ---- requests ---- */

/* The error type: from the body, or from the header. The caller frees it. */
static char *error_type(struct httpd_request *request) {
    struct span value, type;
    struct text decoded = TEXT_INIT;
    const char *header = httpd_header(request, "Lambda-Runtime-Function-Error-Type");
    struct span body = {text_string(&request->body), request->body.length};
    if (json_check(body, &value, NULL) && json_member(value, "errorType", &type) &&
        json_type(type) == JSON_STRING)
        json_decode_string(type, &decoded);
    else
        text_append_string(&decoded, header && header[0] ? header : "Runtime.Unknown");
    return decoded.bytes ? decoded.bytes : memory_copy_string("");
}

/* Sets `middle` to the part of `path` between `front` and `back`, such as the ID in
 * "/2018-06-01/runtime/invocation/ID/response". False when `path` has another form. */
static bool has_form(struct span path, const char *front, const char *back, struct span *middle) {
    size_t before = strlen(front), after = strlen(back);
    if (path.length <= before + after || memcmp(path.start, front, before) != 0 ||
        memcmp(path.start + path.length - after, back, after) != 0)
        return false;
    *middle = (struct span){path.start + before, path.length - before - after};
    return true;
}

static void take_response(struct environment *environment, struct httpd_request *request, bool is_error) {
    /* A streamed response reports an error in its middle by a trailer, after the body. */
    const char *late = httpd_trailer(request, "Lambda-Runtime-Function-Error-Type");
    char *type = is_error ? error_type(request) : memory_copy_string(late);
    struct text body = request->body;
    request->body = (struct text)TEXT_INIT;
    accept_response(request);
    environment_responded(environment, &body, type);
    free(type);
}

static void take_delayed_response(void *context) {
    struct environment *environment = context;
    struct httpd_request *request = environment->response;
    environment->response = NULL;
    take_response(environment, request, environment->response_is_error);
}

static void response_invocation(struct environment *environment, struct httpd_request *request,
                                struct span id, bool is_error) {
    struct invocation *invocation = environment->invocation;
    if (environment->state == ENVIRONMENT_INIT) {
        runtime_api_refuse(request, "Started to InvocationResponse");
        return;
    }
    if (environment->state != ENVIRONMENT_BUSY || environment->response || !span_equals(id, invocation->id)) {
        respond_error(request, 400, "InvalidRequestID", "Invalid request ID");
        return;
    }
    if (request->body_length > request->body.length) {
        respond_error(request, 413, "RequestEntityTooLarge",
                      "Exceeded maximum allowed payload size (6291556 bytes).");
        environment_response_too_large(environment);
        return;
    }
    uint64_t debt = environment_debt(environment);
    if (!debt) {
        take_response(environment, request, is_error);
        return;
    }
    environment->response = request;
    environment->response_is_error = is_error;
    environment->response_due = (struct timer){.fire = take_delayed_response, .context = environment};
    loop_set_timer(environment->server->loop, &environment->response_due, loop_now() + debt);
}

static void init_error(struct environment *environment, struct httpd_request *request) {
    if (environment->state != ENVIRONMENT_INIT) {
        runtime_api_refuse(request, "Ready to InitError");
        return;
    }
    char *type = error_type(request);
    struct text body = request->body;
    request->body = (struct text)TEXT_INIT;
    accept_response(request);
    environment_init_failed(environment, &body, type);
    free(type);
}

/* The snapshot is taken and restored at once; the time before it was the init. */
static void restore_next(struct environment *environment, struct httpd_request *request) {
    if (environment->state == ENVIRONMENT_INIT && environment->restoring) {
        environment_restored(environment);
        httpd_respond(request, 200, NULL, 0, NULL);
    } else {
        runtime_api_refuse(request, "Started to Restoring");
    }
}

/* The addresses of the Runtime API. Each accepts one method. */
enum address { NEXT, RESTORE_NEXT, INIT_ERROR, RESPONSE, INVOCATION_ERROR, NOWHERE };

static enum address find_address(struct span path, struct span *id) {
    static const char base[] = "/2018-06-01/runtime/invocation/";
    if (span_equals(path, "/2018-06-01/runtime/invocation/next"))
        return NEXT;
    if (span_equals(path, "/2018-06-01/runtime/restore/next"))
        return RESTORE_NEXT;
    if (span_equals(path, "/2018-06-01/runtime/init/error") ||
        span_equals(path, "/2018-06-01/runtime/restore/error"))
        return INIT_ERROR;
    if (has_form(path, base, "/response", id))
        return RESPONSE;
    return has_form(path, base, "/error", id) ? INVOCATION_ERROR : NOWHERE;
}

static bool is_of_runtime(const struct environment *environment, const struct httpd_request *request) {
    return host_is_loopback(httpd_header(request, "Host"), environment->port) && !request_is_of_page(request);
}

static void serve(struct environment *environment, struct httpd_request *request) {
    struct span id;
    if (!is_of_runtime(environment, request)) {
        respond_error(request, 403, "Forbidden", "The request does not come from a runtime");
        return;
    }
    enum address address = find_address(request->path, &id);
    const char *method = address == NEXT || address == RESTORE_NEXT ? "GET" : "POST";
    if (address != NOWHERE && !span_equals(request->method, method)) {
        refuse_method(request);
        return;
    }
    switch (address) {
    case NEXT:
        environment_next(environment, request);
        break;
    case RESTORE_NEXT:
        restore_next(environment, request);
        break;
    case INIT_ERROR:
        init_error(environment, request);
        break;
    case RESPONSE:
    case INVOCATION_ERROR:
        response_invocation(environment, request, id, address == INVOCATION_ERROR);
        break;
    case NOWHERE:
        not_found(request);
    }
}

static void handle(void *context, struct httpd_request *request) {
    (void)context;
    struct runtime_peer *peer = request->peer;
    struct environment *environment = peer ? peer->environment : NULL;
    if (environment)
        serve(environment, request);
    else
        httpd_drop(request);
}

/* ---- connections ---- */

static void gone(void *context, void *closed) {
    (void)context;
    struct runtime_peer *peer = closed;
    if (peer->environment) {
        if (peer->previous)
            peer->previous->next = peer->next;
        else
            peer->environment->peers = peer->next;
        if (peer->next)
            peer->next->previous = peer->previous;
    }
    free(peer);
}

static void accept_connection(void *context) {
    struct environment *environment = context;
    int fd = accept4(environment->listening.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (!peer_is_own_user(fd)) {
        close(fd);
        return;
    }
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct runtime_peer *peer = memory_zeroed(1, sizeof *peer);
    peer->environment = environment;
    peer->next = environment->peers;
    if (peer->next)
        peer->next->previous = peer;
    environment->peers = peer;
    httpd_accept(environment->server->runtime, fd, peer);
}

struct httpd_options runtime_api_options(struct server *server) {
    return (struct httpd_options){
        .port = -1, .body_limit = RESPONSE_LIMIT, .handle = handle, .gone = gone, .context = server};
}

bool runtime_api_listen(struct environment *environment) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    environment->listening = (struct watch){.fd = fd, .ready = accept_connection, .context = environment};
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, BACKLOG) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &length) == 0 &&
        loop_watch(environment->server->loop, &environment->listening)) {
        environment->port = ntohs(address.sin_port);
        return true;
    }
    int error = errno;
    if (fd >= 0)
        close(fd);
    environment->listening.fd = -1;
    errno = error;
    return false;
}

void runtime_api_close(struct environment *environment) {
    if (environment->listening.fd >= 0) {
        loop_unwatch(environment->server->loop, &environment->listening);
        close(environment->listening.fd);
        environment->listening.fd = -1;
    }
    for (struct runtime_peer *peer = environment->peers; peer; peer = peer->next)
        peer->environment = NULL;
    environment->peers = NULL;
}
