/* A server that answers every Invoke at once, to measure the cost of a client. It prints its address and
 * runs until it is killed. A single process with epoll; it runs no function. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 4096, BUFFER = 64 * 1024 };

struct connection {
    char *buffer;
    size_t length;
};

static struct connection connections[MAX_CONNECTIONS];

/* The log tail is the base64 of a fixed REPORT line. */
static const char response[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/json\r\n"
    "x-amzn-RequestId: 00000000-0000-4000-8000-000000000000\r\n"
    "X-Amz-Executed-Version: 1\r\n"
    "X-Amz-Log-Result: "
    "UkVQT1JUIFJlcXVlc3RJZDogMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwCUR1cmF0aW9uOiAxLjAwIG1zCUJp"
    "bGxlZCBEdXJhdGlvbjogMSBtcwlNZW1vcnkgU2l6ZTogMTI4IE1CCU1heCBNZW1vcnkgVXNlZDogMTAgTUIJCg==\r\n"
    "Content-Length: 4\r\n\r\nnull";

static void drop(int fd) {
    free(connections[fd].buffer);
    connections[fd] = (struct connection){NULL, 0};
    close(fd);
}

/* The length of the first request in the buffer, 0 when it is incomplete. */
static size_t whole_request(const struct connection *connection) {
    const char *end = memmem(connection->buffer, connection->length, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t head = (size_t)(end - connection->buffer) + 4, body = 0;
    for (const char *line = connection->buffer; line < end; line = (const char *)memchr(line, '\n', head) + 1)
        if (strncasecmp(line, "content-length:", 15) == 0)
            body = strtoul(line + 15, NULL, 10);
    return connection->length >= head + body ? head + body : 0;
}

static void serve(int fd) {
    struct connection *connection = &connections[fd];
    if (!connection->buffer)
        connection->buffer = malloc(BUFFER);
    if (!connection->buffer || connection->length == BUFFER) {
        drop(fd);
        return;
    }
    ssize_t got = read(fd, connection->buffer + connection->length, BUFFER - connection->length);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            drop(fd);
        return;
    }
    connection->length += (size_t)got;
    size_t request;
    while ((request = whole_request(connection))) {
        if (write(fd, response, sizeof response - 1) < 0) {
            drop(fd);
            return;
        }
        memmove(connection->buffer, connection->buffer + request, connection->length - request);
        connection->length -= request;
    }
}

int main(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0), one = 1;
    if (listener < 0 || poll < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 ||
        listen(listener, 1024) < 0 || getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
        perror("instant-server");
        return 1;
    }
    printf("http://127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[64];
    epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd != listener) {
                serve(events[i].data.fd);
                continue;
            }
            int fd = accept(listener, NULL, NULL);
            if (fd < 0)
                continue;
            if (fd >= MAX_CONNECTIONS) {
                close(fd);
                continue;
            }
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
            event = (struct epoll_event){.events = EPOLLIN, .data.fd = fd};
            epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event);
        }
    }
}
