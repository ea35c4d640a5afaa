/* A proxy that injects faults between the programs and a server of the Lambda API.
 *
 *     proxy --to http://127.0.0.1:PORT --log FILE [--fault 'CALLS ACTION']...
 *
 * Prints its address on a line and runs until it is ended. It forwards bytes unchanged, including the Host
 * header, so that signatures stay valid. It numbers the requests as they arrive, and logs each as a line
 * of JSON in FILE when it is done:
 *
 *     {"call":7,"class":"publish","classCall":2,"method":"POST","path":"/...","query":"","done":["lose"],
 *      "status":201}
 *
 * CALLS selects requests by number: N, N- (from the N-th on) or *. CLASS: before it counts only the
 * requests of that class: get, list, update, publish, delete, invoke, alias, alias-get, aliases, other.
 * Several faults may apply to one request. ACTION is one of:
 *
 *     before=COMMAND      run a command before forwarding the request
 *     delay=MS            wait before forwarding it
 *     reset               reset the connection instead of forwarding it
 *     twice               forward it twice
 *     answer=STATUS TYPE, header=NAME: VALUE, body=TEXT
 *                         respond instead of the server
 *     after=COMMAND       run a command after the server has responded
 *     hold=MS             wait after the server has responded
 *     lose                reset the connection instead of sending the response
 *     cut                 close the connection in the middle of the response
 *     length=N            send a Content-Length that is N too large
 *     slow=MS             take this long to send the head of the response
 *     deaf=MS             after the request, accept no connection for this long (0: for ever) */
#include "proxy/faults.h"
#include "proxy/message.h"

#include "util/diagnostics.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/options.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct proxy {
    struct faults faults;
    struct sockaddr_in address, server;
    int listener, log;
    long deaf_ms; /* -1: never */
    pthread_mutex_t lock;
    struct counts counts;
};

struct connection {
    struct proxy *proxy;
    int fd;
};

static void wait_ms(long duration) {
    struct timespec time = {duration / 1000, (duration % 1000) * 1000000};
    nanosleep(&time, NULL);
}

/* ---- one request ---- */

static const struct fault *find(const struct proxy *proxy, const struct call *call, enum action action) {
    return faults_find(&proxy->faults, call, action);
}

static void run(const struct call *call, const char *command) {
    char number[32];
    struct text line = TEXT_INIT;
    snprintf(number, sizeof number, "%ld", call->number);
    text_append_format(&line, "PROXY_CALL=%s; %s", number, command);
    if (system(line.bytes) < 0)
        report_error("cannot run '%s'", command);
    text_release(&line);
}

static void write_log(struct proxy *proxy, const struct call *call, int status) {
    struct text line = TEXT_INIT;
    text_append_byte(&line, '{');
    json_put_number(&line, "call", (double)call->number);
    json_put_string(&line, "class", call->class);
    json_put_number(&line, "classCall", (double)call->class_number);
    json_put_string(&line, "method", call->method);
    json_put_string(&line, "path", call->path);
    json_put_string(&line, "query", call->query);
    json_put_name(&line, "done");
    text_append_byte(&line, '[');
    for (int i = 0; i < ACTION_COUNT; i++)
        if (find(proxy, call, (enum action)i)) {
            json_separate(&line);
            json_append_string(&line, span_of(action_name((enum action)i)));
        }
    text_append_byte(&line, ']');
    if (status)
        json_put_number(&line, "status", status);
    text_append_string(&line, "}\n");
    if (proxy->log >= 0 && write(proxy->log, line.bytes, line.length) < 0)
        report_error("cannot write the log: %s", strerror(errno));
    text_release(&line);
}

/* Makes the response that the proxy sends instead of the server. */
static void make_response(const struct proxy *proxy, const struct call *call, const struct fault *fault,
                          struct message *response) {
    const struct fault *header = find(proxy, call, ACTION_HEADER), *body = find(proxy, call, ACTION_BODY);
    const char *type = strchr(fault->argument, ' ');
    const char *content = body ? body->argument : "{\"Type\":\"Service\",\"Message\":\"made by the proxy\"}";
    struct text *bytes = &response->bytes;
    text_append_format(bytes, "HTTP/1.1 %ld Fault\r\nContent-Type: application/json\r\n", fault->number);
    if (type)
        text_append_format(bytes, "x-amzn-ErrorType: %s\r\n", type + 1);
    if (header)
        text_append_format(bytes, "%s\r\n", header->argument);
    text_append_format(bytes, "Content-Length: %zu\r\n\r\n", strlen(content));
    response->head = bytes->length;
    text_append_string(bytes, content);
}

/* Forwards the request over a new connection. */
static bool exchange(const struct proxy *proxy, const struct message *request, struct message *response) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered =
        fd >= 0 && connect(fd, (const struct sockaddr *)&proxy->server, sizeof proxy->server) == 0 &&
        socket_send(fd, request->bytes.bytes, request->bytes.length) && message_read(fd, response, true);
    if (fd >= 0)
        close(fd);
    return answered;
}

/* Gets the response, from the server or from a fault; false when the client gets none. */
static bool get_response(struct proxy *proxy, const struct call *call, const struct message *request,
                         struct message *response) {
    const struct fault *fault;
    struct message second = {TEXT_INIT, 0};
    if ((fault = find(proxy, call, ACTION_BEFORE)))
        run(call, fault->argument);
    if ((fault = find(proxy, call, ACTION_DELAY)))
        wait_ms(fault->number);
    if (find(proxy, call, ACTION_RESET))
        return false;
    if ((fault = find(proxy, call, ACTION_RESPONSE))) {
        make_response(proxy, call, fault, response);
    } else {
        if (!exchange(proxy, request, response))
            return false;
        if (find(proxy, call, ACTION_TWICE))
            exchange(proxy, request, &second);
        message_release(&second);
    }
    if ((fault = find(proxy, call, ACTION_AFTER)))
        run(call, fault->argument);
    return !find(proxy, call, ACTION_LOSE);
}

/* Sends the response to the client; false when the connection is to be closed afterwards. */
static bool give_response(const struct proxy *proxy, const struct call *call, int client,
                          struct message *response) {
    const struct fault *length = find(proxy, call, ACTION_LENGTH), *slow = find(proxy, call, ACTION_SLOW);
    const struct fault *hold = find(proxy, call, ACTION_HOLD);
    bool cut = find(proxy, call, ACTION_CUT);
    size_t given = 0, whole = response->bytes.length;
    if (hold)
        wait_ms(hold->number);
    if (length)
        message_misstate_length(response, length->number);
    for (; slow && given < response->head; given++) {
        if (!socket_send(client, response->bytes.bytes + given, 1))
            return false;
        wait_ms(slow->number / (long)response->head + 1);
    }
    whole = cut ? response->head + (response->bytes.length - response->head) / 2 : response->bytes.length;
    return socket_send(client, response->bytes.bytes + given, whole - given) && !cut && !length;
}

/* Wakes up the thread that accepts connections. */
static void wake(const struct proxy *proxy) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&proxy->address, sizeof proxy->address) != 0)
        report_error("cannot connect to itself: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
}

/* Handles one request; false when the connection was closed. */
static bool serve(struct proxy *proxy, int client, const struct message *request) {
    struct call call = {0};
    struct message response = {TEXT_INIT, 0};
    pthread_mutex_lock(&proxy->lock);
    call_count(&proxy->counts, request, &call);
    pthread_mutex_unlock(&proxy->lock);
    bool answered = get_response(proxy, &call, request, &response);
    const struct fault *deaf = find(proxy, &call, ACTION_DEAF);
    write_log(proxy, &call, response.bytes.length ? message_status(&response) : 0);
    if (deaf) {
        proxy->deaf_ms = deaf->number;
        wake(proxy);
    }
    bool open = answered && give_response(proxy, &call, client, &response) && !deaf;
    if (!open)
        socket_close(client, !answered);
    message_release(&response);
    return open;
}

static void *serve_connection(void *argument) {
    struct connection *connection = argument;
    struct message request = {TEXT_INIT, 0};
    for (;;) {
        if (!message_read(connection->fd, &request, false)) {
            close(connection->fd);
            break;
        }
        if (!serve(connection->proxy, connection->fd, &request))
            break;
    }
    message_release(&request);
    free(connection);
    return NULL;
}

/* ---- listening ---- */

static bool start_listening(struct proxy *proxy) {
    int yes = 1;
    socklen_t size = sizeof proxy->address;
    proxy->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return proxy->listener >= 0 &&
           setsockopt(proxy->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
           bind(proxy->listener, (struct sockaddr *)&proxy->address, sizeof proxy->address) == 0 &&
           listen(proxy->listener, 1024) == 0 &&
           getsockname(proxy->listener, (struct sockaddr *)&proxy->address, &size) == 0;
}

static bool accept_one(struct proxy *proxy) {
    int yes = 1, fd = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
    pthread_t thread;
    if (fd < 0)
        return false;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct connection *connection = memory_zeroed(1, sizeof *connection);
    *connection = (struct connection){proxy, fd};
    if (pthread_create(&thread, NULL, serve_connection, connection) == 0) {
        pthread_detach(thread);
    } else {
        close(fd);
        free(connection);
    }
    return true;
}

/* Connections that are already established cannot be refused. */
static void be_deaf(struct proxy *proxy) {
    long duration = proxy->deaf_ms;
    proxy->deaf_ms = -1;
    fcntl(proxy->listener, F_SETFL, O_NONBLOCK);
    while (accept_one(proxy))
        continue;
    close(proxy->listener);
    while (duration == 0)
        pause();
    wait_ms(duration);
    if (!start_listening(proxy)) {
        report_error("cannot listen again: %s", strerror(errno));
        exit(STATUS_FAILED);
    }
}

static void take_port(const struct option_row *row, char *url) {
    char *port = strrchr(url, ':');
    *(in_port_t *)row->target.any = htons((uint16_t)option_whole_number(row, port ? port + 1 : "", 1, 65535));
}

static void take_log(const struct option_row *row, char *path) {
    *(int *)row->target.any = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void take_fault(const struct option_row *row, char *words) {
    if (!faults_add(row->target.any, words))
        option_refuse(row, "'%s' is not CALLS ACTION", words);
}

static void parse(int argc, char **argv, struct proxy *proxy) {
    static const struct program program = {"proxy", "see tests/programs/proxy.c\n", "", 0};
    const struct option_row rows[] = {
        OPTION_CALL("to", "URL", take_port, &proxy->server.sin_port, ""),
        OPTION_CALL("log", "FILE", take_log, &proxy->log, ""),
        OPTION_CALL("fault", "CALLS ACTION", take_fault, &proxy->faults, ""),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
}

int main(int argc, char **argv) {
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct proxy proxy = {
        .address = loopback, .server = loopback, .log = -1, .deaf_ms = -1, .lock = PTHREAD_MUTEX_INITIALIZER};
    diagnostics_program("proxy");
    signal(SIGPIPE, SIG_IGN);
    parse(argc, argv, &proxy);
    if (!start_listening(&proxy)) {
        report_error("cannot listen: %s", strerror(errno));
        return STATUS_FAILED;
    }
    printf("http://127.0.0.1:%u\n", ntohs(proxy.address.sin_port));
    fflush(stdout);
    for (;;) {
        accept_one(&proxy);
        if (proxy.deaf_ms >= 0)
            be_deaf(&proxy);
    }
}
