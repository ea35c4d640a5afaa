/* A server of a test's own that sends prepared responses, whatever the request. */
#ifndef UNIT_SERVER_H
#define UNIT_SERVER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RESPONSE_OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

/* Answers each request, as it comes, with the next of `responses`, which a NULL ends; the last one is repeated.
 * "": it closes the connection. */
struct server {
    int listener;
    unsigned port;
    const char *const *responses;
    int connections, requests;
    pthread_t thread;
};

static inline bool read_head(int fd) {
    char byte;
    int matched = 0;
    while (matched < 4) {
        if (read(fd, &byte, 1) != 1)
            return false;
        matched = byte == "\r\n\r\n"[matched] ? matched + 1 : byte == '\r';
    }
    return true;
}

static inline void *server_run(void *argument) {
    struct server *server = argument;
    for (;;) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        server->connections++;
        while (read_head(fd)) {
            const char *response = server->responses[0];
            server->requests++;
            if (server->responses[1])
                server->responses++;
            if (!*response || send(fd, response, strlen(response), MSG_NOSIGNAL) < 0)
                break;
        }
        close(fd);
    }
}

static inline void server_start(struct server *server, const char *const *responses) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *server = (struct server){.listener = socket(AF_INET, SOCK_STREAM, 0), .responses = responses};
    if (bind(server->listener, (struct sockaddr *)&address, size) != 0 || listen(server->listener, 16) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&server->thread, NULL, server_run, server) != 0)
        exit(99);
    server->port = ntohs(address.sin_port);
}

/* The clients must be gone: a connection that is kept would be waited for. */
static inline void server_stop(struct server *server) {
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

#endif
