/* Invokes a function of pt-local (--no-verify) over many connections at once and prints the invocations
 * per second.
 *
 *     local-load PORT FUNCTION CONNECTIONS SECONDS */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RESPONSE_SIZE = 65536, MAX_CONNECTIONS = 10000 };

struct connection {
    int fd;
    size_t length;
    int answered; /* had a response, so its environment is warm */
    char response[RESPONSE_SIZE];
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void open_connection(struct connection *connection, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((unsigned short)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0 || connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect");
}

static void send_request(struct connection *connection, const char *request, size_t length) {
    connection->length = 0;
    if (send(connection->fd, request, length, MSG_NOSIGNAL) != (ssize_t)length)
        fail("send");
}

/* True when the response is complete; exits when it is not a success. */
static int receive(struct connection *connection) {
    ssize_t got = recv(connection->fd, connection->response + connection->length,
                       sizeof connection->response - 1 - connection->length, 0);
    if (got <= 0)
        fail("recv");
    connection->length += (size_t)got;
    connection->response[connection->length] = '\0';
    const char *end = strstr(connection->response, "\r\n\r\n");
    const char *size = strcasestr(connection->response, "content-length:");
    if (!end || !size)
        return 0;
    if (strncmp(connection->response, "HTTP/1.1 200", 12) != 0 || strstr(connection->response, "Unhandled")) {
        fprintf(stderr, "local-load: %s\n", connection->response);
        exit(1);
    }
    size_t whole = (size_t)(end + 4 - connection->response) + strtoul(size + 15, NULL, 10);
    return connection->length >= whole;
}

/* Receives responses until `end`, or until every connection has had one. Returns their number. */
static unsigned long serve(int epoll, const char *request, int *cold, double end) {
    struct epoll_event events[64];
    unsigned long done = 0;
    size_t length = strlen(request);
    int warming = *cold > 0;
    while (warming ? *cold > 0 : now() < end) {
        int ready = epoll_wait(epoll, events, 64, 100);
        for (int i = 0; i < ready; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!receive(connection))
                continue;
            done++;
            *cold -= !connection->answered;
            connection->answered = 1;
            send_request(connection, request, length);
        }
    }
    return done;
}

/* Invocations per second, measured after every connection has a warm environment. */
static double measure(struct connection *connections, int count, const char *request, double seconds) {
    int epoll = epoll_create1(EPOLL_CLOEXEC), cold = count;
    for (int i = 0; i < count; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, connections[i].fd, &event);
        send_request(&connections[i], request, strlen(request));
    }
    serve(epoll, request, &cold, 0);
    double started = now();
    unsigned long done = serve(epoll, request, &cold, started + seconds);
    close(epoll);
    return (double)done / (now() - started);
}

int main(int argc, char **argv) {
    char request[512];
    int count = argc == 5 ? atoi(argv[3]) : 0;
    if (count < 1 || count > MAX_CONNECTIONS) {
        fputs("usage: local-load PORT FUNCTION CONNECTIONS SECONDS\n", stderr);
        return 2;
    }
    struct connection *connections = calloc((size_t)count, sizeof *connections);
    if (!connections)
        fail("calloc");
    snprintf(
        request, sizeof request,
        "POST /2015-03-31/functions/%s/invocations HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nX-Amz-Log-Type: Tail\r\n"
        "Content-Length: 2\r\n\r\n{}",
        argv[2], argv[1]);
    for (int i = 0; i < count; i++)
        open_connection(&connections[i], atoi(argv[1]));
    printf("%d connections: %.0f invocations/s\n", count,
           measure(connections, count, request, strtod(argv[4], NULL)));
    for (int i = 0; i < count; i++)
        close(connections[i].fd);
    free(connections);
    return 0;
}
