/* Sends broken requests to an HTTP server on loopback: every prefix of some good requests, then mutations
 * of them with a fixed seed. Exits with 0 when the server answered or closed each connection within the
 * time limit.
 *
 *     http-fuzz PORT MUTATIONS SEED < REQUESTS
 *
 * Each of the good requests ends in a line with a single dot. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_SIZE = 8192, MAX_REQUESTS = 64, LIMIT_MS = 20000, MAX_CHANGES = 8, IN_FLIGHT = 24 };

struct request {
    char bytes[REQUEST_SIZE];
    size_t length;
};

static uint64_t next_random(uint64_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static size_t below(uint64_t *state, size_t limit) {
    return limit ? (size_t)(next_random(state) % limit) : 0;
}

/* Reads requests; converts line ends from \n to \r\n. */
static size_t read_requests(struct request *requests) {
    char line[REQUEST_SIZE];
    size_t count = 0;
    while (count < MAX_REQUESTS && fgets(line, sizeof line, stdin)) {
        struct request *request = &requests[count];
        size_t length = strcspn(line, "\n");
        if (strcmp(line, ".\n") == 0) {
            count++;
            continue;
        }
        if (request->length + length + 2 >= REQUEST_SIZE)
            break;
        memcpy(request->bytes + request->length, line, length);
        memcpy(request->bytes + request->length + length, "\r\n", 2);
        request->length += length + 2;
    }
    return count;
}

static void change(struct request *request, uint64_t *random) {
    static const char telling[] = "\r\n :%/?&=\0{}\"\\\xff;,0";
    size_t at = below(random, request->length), count = 1 + below(random, 16);
    if (at + count > request->length)
        count = request->length - at;
    switch (below(random, 5)) {
    case 0:
        request->bytes[at] = (char)next_random(random);
        break;
    case 1:
        request->bytes[at] = telling[below(random, sizeof telling - 1)];
        break;
    case 2:
        memmove(request->bytes + at, request->bytes + at + count, request->length - at - count);
        request->length -= count;
        break;
    case 3:
        if (request->length + count > REQUEST_SIZE)
            break;
        memmove(request->bytes + at + count, request->bytes + at, request->length - at);
        request->length += count;
        break;
    default:
        request->length = at;
    }
}

/* Connections in flight, each with its request. */
struct flight {
    struct pollfd waiting;
    struct request request;
};

/* Sends the request and shuts down the sending side. False when it cannot connect. */
static int launch(struct flight *flight, int port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return 0;
    if (send(fd, flight->request.bytes, flight->request.length, MSG_NOSIGNAL) < 0)
        perror("http-fuzz: send");
    shutdown(fd, SHUT_WR);
    flight->waiting = (struct pollfd){.fd = fd, .events = POLLIN};
    return 1;
}

/* Reads and drops the available bytes; the connection is over when the server has closed it. */
static void land(struct flight *flight) {
    char response[REQUEST_SIZE];
    if (recv(flight->waiting.fd, response, sizeof response, 0) > 0)
        return;
    close(flight->waiting.fd);
    flight->waiting.fd = -1;
}

static int complain(const struct request *request, const char *what) {
    fprintf(stderr, "http-fuzz: %s:\n%.*s\n", what, (int)request->length, request->bytes);
    return 1;
}

struct work {
    const struct request *requests;
    size_t count, request, length; /* position in the sequence of prefixes */
    long mutations;
    uint64_t random;
};

/* Makes the next request; false when all were sent. */
static int next_request(struct work *work, struct request *out) {
    if (work->request < work->count) {
        *out = work->requests[work->request];
        out->length = work->length++;
        if (work->length > work->requests[work->request].length) {
            work->request++;
            work->length = 0;
        }
        return 1;
    }
    if (work->mutations-- <= 0)
        return 0;
    *out = work->requests[below(&work->random, work->count)];
    for (size_t changes = 1 + below(&work->random, MAX_CHANGES); changes > 0 && out->length; changes--)
        change(out, &work->random);
    return 1;
}

static int fly(struct work *work, int port) {
    static struct flight flights[IN_FLIGHT];
    struct pollfd waiting[IN_FLIGHT];
    int flying = 0;
    for (int i = 0; i < IN_FLIGHT; i++)
        flights[i].waiting.fd = -1;
    for (;;) {
        for (int i = 0; i < IN_FLIGHT; i++)
            if (flights[i].waiting.fd < 0 && next_request(work, &flights[i].request) &&
                !launch(&flights[i], port))
                return complain(&flights[i].request, "no connection");
        flying = 0;
        for (int i = 0; i < IN_FLIGHT; i++) {
            waiting[i] = flights[i].waiting;
            flying += waiting[i].fd >= 0;
        }
        if (!flying)
            return 0;
        if (poll(waiting, IN_FLIGHT, LIMIT_MS) <= 0)
            for (int i = 0; i < IN_FLIGHT; i++)
                if (waiting[i].fd >= 0)
                    return complain(&flights[i].request, "neither answered nor closed");
        for (int i = 0; i < IN_FLIGHT; i++)
            if (waiting[i].fd >= 0 && waiting[i].revents)
                land(&flights[i]);
    }
}

int main(int argc, char **argv) {
    static struct request requests[MAX_REQUESTS];
    size_t count = argc == 4 ? read_requests(requests) : 0;
    if (!count) {
        fputs("usage: http-fuzz PORT MUTATIONS SEED < REQUESTS\n", stderr);
        return 2;
    }
    struct work work = {.requests = requests,
                        .count = count,
                        .mutations = atol(argv[2]),
                        .random = strtoull(argv[3], NULL, 10) * 2654435761u + 1};
    return fly(&work, atoi(argv[1]));
}
