#include "serve/httpd.h"

#include "serve/connections.h"
#include "serve/listen.h"
#include "serve/query.h"
#include "util/memory.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum {
    CONNECTION_MEMORY = 64 * 1024,
    CONNECTION_LIMIT = 4096,
    SPARE_CONNECTIONS = 16, /* for connections that are being closed */
    MAX_EXCESS = 4,         /* a body longer than this many times the limit is not awaited */
    PIECE_SIZE = 16 * 1024
};

struct httpd_server {
    struct loop *loop;
    struct connections connections;
    size_t arriving; /* bytes of incomplete bodies */
    struct httpd_options options;
    struct MHD_Daemon *daemon;
    struct watch watch;
    struct httpd_request *waiting; /* list of the suspended requests */
    bool active; /* something was read or resumed: libmicrohttpd must run before the loop waits */
    void *accepting;
};

/* ---- requests ---- */

static void list_add(struct httpd_request *request) {
    struct httpd_server *server = request->server;
    request->previous = NULL;
    request->next = server->waiting;
    if (request->next)
        request->next->previous = request;
    server->waiting = request;
}

static void list_remove(struct httpd_request *request) {
    if (request->previous)
        request->previous->next = request->next;
    else
        request->server->waiting = request->next;
    if (request->next)
        request->next->previous = request->previous;
}

/* libmicrohttpd calls this before it parses the target: only here the original target is available. */
static void *begin_request(void *context, const char *target, struct MHD_Connection *connection) {
    struct httpd_request *request = memory_zeroed(1, sizeof *request);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    request->server = context;
    request->connection = connection;
    request->on = info ? info->socket_context : NULL;
    if (request->on) {
        connection_begin_request(request->on, request);
        request->peer = request->on->peer;
    }
    request->target = memory_copy_string(target);
    size_t path = strcspn(request->target, "?");
    request->path = (struct span){request->target, path};
    if (request->target[path] == '?')
        request->query = span_of(request->target + path + 1);
    return request;
}

static void end_request(void *context, struct MHD_Connection *connection, void **state,
                        enum MHD_RequestTerminationCode reason) {
    (void)context, (void)connection, (void)reason;
    struct httpd_request *request = *state;
    *state = NULL;
    if (!request)
        return;
    if (request->state == HTTPD_RECEIVING)
        request->server->arriving -= request->body.length;
    if (request->on)
        connection_end_request(request->on);
    if (request->ended)
        request->ended(request->ended_context);
    text_release(&request->unsent);
    if (request->response)
        MHD_destroy_response(request->response);
    text_release(&request->body);
    free(request->target);
    free(request->method_name);
    free(request);
}

static size_t leave_encoded(void *context, struct MHD_Connection *connection, char *text) {
    (void)context, (void)connection;
    return strlen(text);
}

/* Discards the body of the request that has been arriving for the longest time. */
static bool forget_body(struct httpd_server *server) {
    struct httpd_request *request = connections_oldest_body(&server->connections);
    if (!request)
        return false;
    server->arriving -= request->body.length;
    text_release(&request->body);
    return request->crowded_out = true;
}

/* Adds bytes to the body. False when the body is so long that the rest is not awaited. */
static bool receive(struct httpd_request *request, const char *bytes, size_t length) {
    struct httpd_server *server = request->server;
    size_t limit = request->unwanted || request->crowded_out ? 0 : server->options.body_limit;
    size_t room = limit > request->body.length ? limit - request->body.length : 0;
    size_t kept = length < room ? length : room;
    text_append(&request->body, bytes, kept);
    request->body_length += length;
    server->arriving += kept;
    size_t together = server->options.bodies_limit;
    while (together && server->arriving > together && forget_body(server))
        ;
    return request->body_length / MAX_EXCESS <= server->options.body_limit;
}

static enum MHD_Result send_response(struct httpd_request *request) {
    if (request->state == HTTPD_DROPPED)
        return MHD_NO;
    return MHD_queue_response(request->connection, request->status, request->response);
}

static enum MHD_Result serve(void *context, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *upload,
                             size_t *upload_length, void **state) {
    (void)url, (void)version;
    struct httpd_server *server = context;
    struct httpd_request *request = *state;
    if (!request)
        return MHD_NO;
    if (request->state == HTTPD_ARRIVING) {
        request->method_name = memory_copy_string(method);
        request->method = span_of(request->method_name);
        request->malformed = !percent_is_valid(span_of(request->target));
        request->unwanted = request->malformed || (server->options.admit &&
                                                   !server->options.admit(server->options.context, request));
        request->state = HTTPD_RECEIVING;
        return MHD_YES;
    }
    if (request->state == HTTPD_RECEIVING && *upload_length) {
        bool more = receive(request, upload, *upload_length);
        *upload_length = 0;
        return more ? MHD_YES : MHD_NO;
    }
    if (request->state == HTTPD_RECEIVING) {
        request->state = HTTPD_HANDLING;
        server->arriving -= request->body.length;
        if (request->malformed)
            httpd_respond(request, MHD_HTTP_BAD_REQUEST, NULL, 0, NULL);
        else
            server->options.handle(server->options.context, request);
        if (request->state == HTTPD_HANDLING) {
            request->state = HTTPD_WAITING;
            list_add(request);
            MHD_suspend_connection(connection);
            return MHD_YES;
        }
    }
    return send_response(request);
}

static void decide(struct httpd_request *request, int state) {
    bool waited = request->state == HTTPD_WAITING;
    request->state = state == HTTPD_RESPONDED ? HTTPD_RESPONDED : HTTPD_DROPPED;
    if (!waited)
        return;
    list_remove(request);
    request->server->active = true;
    MHD_resume_connection(request->connection);
}

static void add_headers(struct httpd_request *request, const struct httpd_header *headers, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (headers[i].value)
            MHD_add_response_header(request->response, headers[i].name, headers[i].value);
}

void httpd_respond(struct httpd_request *request, unsigned int status, const struct httpd_header *headers,
                   size_t count, struct text *body) {
    struct text none = TEXT_INIT;
    if (!body)
        body = &none;
    request->response =
        MHD_create_response_from_buffer(body->length, body->length ? body->bytes : NULL,
                                        body->length ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!request->response) {
        text_release(body);
        decide(request, HTTPD_DROPPED);
        return;
    }
    if (!body->length)
        text_release(body);
    *body = (struct text)TEXT_INIT;
    add_headers(request, headers, count);
    request->status = status;
    decide(request, HTTPD_RESPONDED);
}

void httpd_drop(struct httpd_request *request) {
    decide(request, HTTPD_DROPPED);
}

/* ---- responses in pieces ---- */

static void resume(struct httpd_request *request) {
    if (!request->suspended)
        return;
    request->suspended = false;
    list_remove(request);
    request->server->active = true;
    MHD_resume_connection(request->connection);
}

/* libmicrohttpd calls this for the next bytes; while there are none, the connection is suspended. */
static ssize_t next_piece(void *context, uint64_t position, char *buffer, size_t size) {
    (void)position;
    struct httpd_request *request = context;
    size_t left = request->unsent.length - request->sent;
    if (left) {
        size_t length = left < size ? left : size;
        memcpy(buffer, request->unsent.bytes + request->sent, length);
        request->sent += length;
        return (ssize_t)length;
    }
    if (request->finished)
        return MHD_CONTENT_READER_END_OF_STREAM;
    request->suspended = true;
    list_add(request);
    MHD_suspend_connection(request->connection);
    return 0;
}

void httpd_begin(struct httpd_request *request, const struct httpd_header *headers, size_t count,
                 void (*ended)(void *context), void *context) {
    request->ended = ended;
    request->ended_context = context;
    request->response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE_SIZE, next_piece, request, NULL);
    if (!request->response) {
        decide(request, HTTPD_DROPPED);
        return;
    }
    add_headers(request, headers, count);
    request->status = MHD_HTTP_OK;
    decide(request, HTTPD_RESPONDED);
}

void httpd_send(struct httpd_request *request, struct span bytes) {
    if (request->sent == request->unsent.length) {
        text_clear(&request->unsent);
        request->sent = 0;
    }
    text_append(&request->unsent, bytes.start, bytes.length);
    resume(request);
}

size_t httpd_unsent(const struct httpd_request *request) {
    return request->unsent.length - request->sent;
}

void httpd_finish(struct httpd_request *request) {
    request->finished = true;
    resume(request);
}

const char *httpd_header(const struct httpd_request *request, const char *name) {
    return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

const char *httpd_trailer(const struct httpd_request *request, const char *name) {
    return MHD_lookup_connection_value(request->connection, MHD_FOOTER_KIND, name);
}

/* ---- the server ---- */

static void connection_started(struct httpd_server *server, struct MHD_Connection *connection,
                               void **context) {
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *context = connection_new(&server->connections, info ? info->connect_fd : -1, server->accepting);
    server->accepting = NULL;
}

/* If libmicrohttpd was at its connection limit, it accepts connections again the next time it runs. */
static void connection_closed(struct httpd_server *server, struct connection *closed) {
    if (closed->peer && server->options.gone)
        server->options.gone(server->options.context, closed->peer);
    connection_free(closed);
    server->active = true;
}

static void connection_event(void *context, struct MHD_Connection *connection, void **state,
                             enum MHD_ConnectionNotificationCode code) {
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_started(context, connection, state);
    else if (*state)
        connection_closed(context, *state);
}

static void readable(void *context) {
    struct httpd_server *server = context;
    server->active = true;
}

/* Discards the complaints about clients that libmicrohttpd would print on standard error. */
static void keep_quiet(void *context, const char *format, va_list arguments) {
    (void)context, (void)format, (void)arguments;
}

static struct MHD_Daemon *start_daemon(struct httpd_server *server) {
    const struct httpd_options *options = &server->options;
    bool listens = options->port >= 0;
    /* Opens the socket here, because libmicrohttpd does not always keep the errno. */
    MHD_socket fd = listens ? listen_on_loopback(options->port) : -1;
    if (listens && fd < 0)
        return NULL;
    unsigned int limit = (unsigned int)server->connections.limit + SPARE_CONNECTIONS;
    unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                         (listens ? 0 : MHD_USE_NO_LISTEN_SOCKET);
    errno = 0;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, serve, server, MHD_OPTION_EXTERNAL_LOGGER, keep_quiet, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, begin_request, server, MHD_OPTION_NOTIFY_COMPLETED, end_request, server,
        MHD_OPTION_NOTIFY_CONNECTION, connection_event, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded,
        NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT,
        limit, MHD_OPTION_CONNECTION_TIMEOUT, options->idle_timeout_s,
        listens ? MHD_OPTION_LISTEN_SOCKET : MHD_OPTION_END, fd, MHD_OPTION_END);
}

/* Connections may use at most half of the descriptors: handling requests needs some, too. */
static size_t connection_limit(const struct httpd_options *options) {
    struct rlimit limit;
    size_t wanted = options->connection_limit ? options->connection_limit : CONNECTION_LIMIT;
    size_t spare = SPARE_CONNECTIONS;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur / 2 >= wanted + spare)
        return wanted;
    return limit.rlim_cur / 2 > 2 * spare ? limit.rlim_cur / 2 - spare : spare;
}

struct httpd_server *httpd_server_new(struct loop *loop, const struct httpd_options *options) {
    struct httpd_server *server = memory_zeroed(1, sizeof *server);
    server->loop = loop;
    server->options = *options;
    connections_open(&server->connections, loop, options, connection_limit(options));
    server->daemon = start_daemon(server);
    if (!server->daemon) {
        free(server);
        return NULL;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    server->watch = (struct watch){.fd = info->epoll_fd, .ready = readable, .context = server};
    if (!loop_watch(loop, &server->watch)) {
        int error = errno;
        MHD_stop_daemon(server->daemon);
        free(server);
        errno = error;
        return NULL;
    }
    return server;
}

int httpd_server_port(const struct httpd_server *server) {
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

void httpd_server_free(struct httpd_server *server) {
    if (!server)
        return;
    while (server->waiting) {
        if (server->waiting->suspended)
            httpd_finish(server->waiting);
        else
            httpd_drop(server->waiting);
    }
    MHD_run(server->daemon);
    loop_unwatch(server->loop, &server->watch);
    MHD_stop_daemon(server->daemon);
    connections_close(&server->connections);
    free(server);
}

int httpd_server_settle(struct httpd_server *server) {
    MHD_UNSIGNED_LONG_LONG wait;
    bool has_timeout = MHD_get_timeout(server->daemon, &wait) == MHD_YES;
    if (server->active || (has_timeout && wait == 0)) {
        server->active = false;
        MHD_run(server->daemon);
        connections_settle(&server->connections);
        has_timeout = MHD_get_timeout(server->daemon, &wait) == MHD_YES;
        if (server->active)
            return 0;
    }
    if (!has_timeout)
        return -1;
    return wait > 60000 ? 60000 : (int)wait;
}

bool httpd_server_active(const struct httpd_server *server) {
    return server->active;
}

void httpd_accept(struct httpd_server *server, int fd, void *peer) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    server->accepting = peer;
    MHD_add_connection(server->daemon, fd, (const struct sockaddr *)&address, sizeof address);
    if (server->accepting) /* libmicrohttpd may have queued it */
        MHD_run(server->daemon);
    if (server->accepting && server->options.gone)
        server->options.gone(server->options.context, peer);
    server->accepting = NULL;
    server->active = true;
}
