#include "serve/httpd.h"

#include "util/memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
    CONNECTION_MEMORY = 64 * 1024,
    CONNECTION_LIMIT = 4096,
    BACKLOG = 1024,
    SWEEP_AFTER_MS = 25,
    WATCH_MS = 250,
    PIECE_SIZE = 16 * 1024
};

/* One connection; MHD's "socket context". */
struct connection {
    struct httpd_server *server;
    void *peer;
    int fd;
    struct httpd_request *request; /* that is being received or handled */
    uint64_t since;                /* when its first, or this, request began; 0: it waits for another one */
    struct connection *previous, *next;
};

struct httpd_server {
    struct loop *loop;
    struct connection *connections;
    struct timer sweep;
    struct timer watching; /* for clients that are slow */
    struct httpd_options options;
    struct MHD_Daemon *daemon;
    struct watch watch;
    struct httpd_request *waiting; /* suspended: a list, so that they can be dropped at the end */
    bool active;                   /* something was read or resumed: MHD must run before the loop waits */
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

/* MHD asks before it parses the target: the one place where it is seen as it came. */
static void *begin_request(void *context, const char *target, struct MHD_Connection *connection) {
    struct httpd_request *request = memory_zeroed(1, sizeof *request);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    request->server = context;
    request->connection = connection;
    request->on = info ? info->socket_context : NULL;
    if (request->on) {
        request->on->request = request;
        if (!request->on->since)
            request->on->since = loop_now();
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
    if (request->on) {
        request->on->request = NULL;
        request->on->since = 0;
    }
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

static void receive(struct httpd_request *request, const char *bytes, size_t length) {
    size_t limit = request->unwanted ? 0 : request->server->options.body_limit;
    size_t room = limit > request->body.length ? limit - request->body.length : 0;
    text_append(&request->body, bytes, length < room ? length : room);
    request->body_length += length;
}

static enum MHD_Result send_answer(struct httpd_request *request) {
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
        request->unwanted = server->options.admit && !server->options.admit(server->options.context, request);
        request->state = HTTPD_RECEIVING;
        return MHD_YES;
    }
    if (request->state == HTTPD_RECEIVING && *upload_length) {
        receive(request, upload, *upload_length);
        *upload_length = 0;
        return MHD_YES;
    }
    if (request->state == HTTPD_RECEIVING) {
        request->state = HTTPD_HANDLING;
        server->options.handle(server->options.context, request);
        if (request->state == HTTPD_HANDLING) {
            request->state = HTTPD_WAITING;
            list_add(request);
            MHD_suspend_connection(connection);
            return MHD_YES;
        }
    }
    return send_answer(request);
}

static void decide(struct httpd_request *request, int state) {
    bool waited = request->state == HTTPD_WAITING;
    request->state = state == HTTPD_ANSWERED ? HTTPD_ANSWERED : HTTPD_DROPPED;
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

void httpd_answer(struct httpd_request *request, unsigned int status, const struct httpd_header *headers,
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
    decide(request, HTTPD_ANSWERED);
}

void httpd_drop(struct httpd_request *request) {
    decide(request, HTTPD_DROPPED);
}

/* ---- answers piece by piece ---- */

static void resume(struct httpd_request *request) {
    if (!request->suspended)
        return;
    request->suspended = false;
    list_remove(request);
    request->server->active = true;
    MHD_resume_connection(request->connection);
}

/* MHD asks for the next bytes; while there are none the connection rests. */
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
    decide(request, HTTPD_ANSWERED);
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
    struct connection *started = memory_zeroed(1, sizeof *started);
    started->server = server;
    started->peer = server->accepting;
    started->fd = info ? info->connect_fd : -1;
    started->since = loop_now();
    if (server->options.request_timeout_s && !server->watching.place)
        loop_set_timer(server->loop, &server->watching, loop_now() + WATCH_MS * NANOSECONDS_PER_MILLISECOND);
    started->next = server->connections;
    if (started->next)
        started->next->previous = started;
    server->connections = started;
    server->accepting = NULL;
    *context = started;
}

static void connection_closed(struct httpd_server *server, struct connection *closed) {
    if (closed->previous)
        closed->previous->next = closed->next;
    else
        server->connections = closed->next;
    if (closed->next)
        closed->next->previous = closed->previous;
    if (closed->peer && server->options.gone)
        server->options.gone(server->options.context, closed->peer);
    free(closed);
}

static void connection_event(void *context, struct MHD_Connection *connection, void **state,
                             enum MHD_ConnectionNotificationCode code) {
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_started(context, connection, state);
    else if (*state)
        connection_closed(context, *state);
}

/* libmicrohttpd does not see the end of a connection that came together with the last bytes (it waits for an
 * edge of readiness that has passed). Connections on which nothing is handled are looked at; shutting one
 * down makes the edge that closes it. */
static void sweep_ended(void *context) {
    struct httpd_server *server = context;
    char byte;
    for (struct connection *at = server->connections; at; at = at->next) {
        bool handled = at->request && at->request->state >= HTTPD_HANDLING;
        if (!handled && recv(at->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
            shutdown(at->fd, SHUT_RDWR);
    }
}

/* A client that sends a byte now and then is never silent. What has come and was not read yet is not the
 * client's slowness. */
static void drop_slow(void *context) {
    char byte;
    struct httpd_server *server = context;
    uint64_t now = loop_now(), patience = server->options.request_timeout_s * NANOSECONDS_PER_SECOND;
    for (struct connection *at = server->connections; at; at = at->next) {
        bool handled = at->request && at->request->state >= HTTPD_HANDLING;
        if (at->since && !handled && now - at->since > patience &&
            recv(at->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
            shutdown(at->fd, SHUT_RDWR);
    }
    if (server->connections)
        loop_set_timer(server->loop, &server->watching, now + WATCH_MS * NANOSECONDS_PER_MILLISECOND);
}

static void readable(void *context) {
    struct httpd_server *server = context;
    server->active = true;
}

/* libmicrohttpd writes its complaints about clients to standard error unless it is given another place. */
static void keep_quiet(void *context, const char *format, va_list arguments) {
    (void)context, (void)format, (void)arguments;
}

static struct MHD_Daemon *start_daemon(struct httpd_server *server) {
    const struct httpd_options *options = &server->options;
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)(options->port < 0 ? 0 : options->port)),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned int limit = options->connection_limit ? options->connection_limit : CONNECTION_LIMIT;
    unsigned int flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG |
                         (options->port < 0 ? MHD_USE_NO_LISTEN_SOCKET : 0);
    errno = 0;
    return MHD_start_daemon(
        flags, 0, NULL, NULL, serve, server, MHD_OPTION_EXTERNAL_LOGGER, keep_quiet, NULL,
        MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK, begin_request,
        server, MHD_OPTION_NOTIFY_COMPLETED, end_request, server, MHD_OPTION_NOTIFY_CONNECTION,
        connection_event, server, MHD_OPTION_UNESCAPE_CALLBACK, leave_encoded, NULL,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_LIMIT, limit,
        MHD_OPTION_CONNECTION_TIMEOUT, options->idle_timeout_s, MHD_OPTION_LISTEN_BACKLOG_SIZE,
        (unsigned int)BACKLOG, MHD_OPTION_END);
}

struct httpd_server *httpd_server_new(struct loop *loop, const struct httpd_options *options) {
    struct httpd_server *server = memory_zeroed(1, sizeof *server);
    server->loop = loop;
    server->options = *options;
    server->sweep = (struct timer){.fire = sweep_ended, .context = server};
    server->watching = (struct timer){.fire = drop_slow, .context = server};
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
    loop_cancel(server->loop, &server->sweep);
    loop_cancel(server->loop, &server->watching);
    MHD_stop_daemon(server->daemon);
    free(server);
}

int httpd_server_settle(struct httpd_server *server) {
    MHD_UNSIGNED_LONG_LONG wait;
    bool has_timeout = MHD_get_timeout(server->daemon, &wait) == MHD_YES;
    if (server->active || (has_timeout && wait == 0)) {
        server->active = false;
        MHD_run(server->daemon);
        if (!server->sweep.place)
            loop_set_timer(server->loop, &server->sweep,
                           loop_now() + SWEEP_AFTER_MS * NANOSECONDS_PER_MILLISECOND);
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
    if (server->accepting) /* MHD may have put it in line */
        MHD_run(server->daemon);
    if (server->accepting && server->options.gone)
        server->options.gone(server->options.context, peer);
    server->accepting = NULL;
    server->active = true;
}
