#include "serve/connections.h"

#include "util/memory.h"

#include <stdlib.h>
#include <sys/socket.h>

enum { SWEEP_AFTER_MS = 25, WATCH_MS = 250 };

/* True while a request is handled, or an admitted request gets its response. */
static bool is_served(const struct connection *connection) {
    const struct httpd_request *request = connection->request;
    return request && request->state >= HTTPD_HANDLING &&
           (request->state < HTTPD_RESPONDED || !request->unwanted);
}

/* ---- time limits ---- */

/* libmicrohttpd misses the end of a connection that arrives together with its last bytes: it waits for a
 * readiness edge that has passed. This checks connections on which no request is handled; shutdown() makes
 * another edge. */
static void sweep_ended(void *context) {
    struct connections *all = context;
    char byte;
    for (struct connection *at = all->first; at; at = at->next) {
        bool handled = at->request && at->request->state >= HTTPD_HANDLING;
        if (!handled && recv(at->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
            shutdown(at->fd, SHUT_RDWR);
    }
}

/* Bytes that have arrived but were not read are not the client's fault: the connection gets one more
 * check. */
static void drop_slow(void *context) {
    struct connections *all = context;
    char byte;
    uint64_t now = loop_now();
    for (struct connection *at = all->first; at; at = at->next) {
        if (!at->deadline || now < at->deadline || is_served(at))
            continue;
        if (!at->spared && recv(at->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
            at->spared = true;
        else
            shutdown(at->fd, SHUT_RDWR);
    }
    if (all->first)
        loop_set_timer(all->loop, &all->watching, now + WATCH_MS * NANOSECONDS_PER_MILLISECOND);
}

static void set_deadline(struct connection *connection, uint64_t more) {
    uint64_t timeout = connection->all->request_timeout;
    connection->deadline = timeout ? loop_now() + timeout + more : 0;
    connection->spared = false;
}

void connections_settle(struct connections *all) {
    if (!all->sweep.place)
        loop_set_timer(all->loop, &all->sweep, loop_now() + SWEEP_AFTER_MS * NANOSECONDS_PER_MILLISECOND);
}

/* ---- the limit on connections ---- */

/* The connection with the lowest worth is closed first. */
static int worth(const struct connection *connection) {
    const struct httpd_request *request = connection->request;
    bool admitted = request && request->state >= HTTPD_RECEIVING && !request->unwanted;
    return admitted ? 2 : !connection->trusted ? 0 : request ? 2 : 1;
}

static void make_room(const struct connection *newest) {
    struct connection *victim = NULL;
    for (struct connection *at = newest->next; at; at = at->next)
        if (!at->evicted && !is_served(at) && (!victim || worth(at) <= worth(victim)))
            victim = at;
    if (victim) {
        victim->evicted = true;
        shutdown(victim->fd, SHUT_RDWR);
    }
}

struct httpd_request *connections_oldest_body(const struct connections *all) {
    struct httpd_request *oldest = NULL;
    for (struct connection *at = all->first; at; at = at->next)
        if (at->request && at->request->state == HTTPD_RECEIVING && at->request->body.length &&
            (!oldest || at->deadline <= oldest->on->deadline))
            oldest = at->request;
    return oldest;
}

/* ---- one connection ---- */

struct connection *connection_new(struct connections *all, int fd, void *peer) {
    struct connection *connection = memory_zeroed(1, sizeof *connection);
    connection->all = all;
    connection->peer = peer;
    connection->fd = fd;
    connection->next = all->first;
    if (connection->next)
        connection->next->previous = connection;
    all->first = connection;
    set_deadline(connection, 0);
    if (connection->deadline && !all->watching.place)
        loop_set_timer(all->loop, &all->watching, loop_now() + WATCH_MS * NANOSECONDS_PER_MILLISECOND);
    if (++all->count > all->limit)
        make_room(connection);
    return connection;
}

void connection_free(struct connection *connection) {
    struct connections *all = connection->all;
    if (connection->previous)
        connection->previous->next = connection->next;
    else
        all->first = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    all->count--;
    free(connection);
}

/* The time limit of the first request began with the connection. */
void connection_begin_request(struct connection *connection, struct httpd_request *request) {
    connection->request = request;
    if (connection->served)
        set_deadline(connection, 0);
}

/* The next request is noticed only when its first line is complete, so its limit includes the idle time. */
void connection_end_request(struct connection *connection) {
    connection->trusted = !connection->request->unwanted;
    connection->request = NULL;
    connection->served = true;
    set_deadline(connection, connection->all->idle_timeout);
}

void connections_open(struct connections *all, struct loop *loop, const struct httpd_options *options,
                      size_t limit) {
    *all = (struct connections){.loop = loop, .limit = limit};
    all->request_timeout = options->request_timeout_s * NANOSECONDS_PER_SECOND;
    all->idle_timeout = options->idle_timeout_s * NANOSECONDS_PER_SECOND;
    all->sweep = (struct timer){.fire = sweep_ended, .context = all};
    all->watching = (struct timer){.fire = drop_slow, .context = all};
}

void connections_close(struct connections *all) {
    loop_cancel(all->loop, &all->sweep);
    loop_cancel(all->loop, &all->watching);
}
