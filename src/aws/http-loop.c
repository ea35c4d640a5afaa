#include "aws/http-loop.h"

#include "aws/client.h"

#include <errno.h>
#include <limits.h>
#include <sys/epoll.h>
#include <unistd.h>

/* ---- libcurl's callbacks ---- */

static int on_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *known) {
    struct http_loop *loop = context;
    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, socket, NULL);
        return 0;
    }
    struct epoll_event event = {.data.fd = socket};
    if (what != CURL_POLL_OUT)
        event.events |= EPOLLIN;
    if (what != CURL_POLL_IN)
        event.events |= EPOLLOUT;
    if (epoll_ctl(loop->epoll, known ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, socket, &event) < 0)
        epoll_ctl(loop->epoll, known ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event);
    curl_multi_assign(loop->multi, socket, loop);
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *context) {
    struct http_loop *loop = context;
    (void)multi;
    loop->timer_ms = timeout_ms < 0 ? -1 : monotonic_ms() + timeout_ms;
    return 0;
}

/* ---- the loop ---- */

bool http_loop_open(struct http_loop *loop, long connections,
                    void (*done)(struct http_transfer *transfer, enum http_result result, void *context),
                    void *context) {
    *loop = (struct http_loop){.timer_ms = -1, .watched = -1, .done = done, .context = context};
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->multi = loop->epoll < 0 ? NULL : curl_multi_init();
    if (!loop->multi) {
        if (loop->epoll >= 0) {
            close(loop->epoll);
            errno = ENOMEM;
        }
        return false;
    }
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(loop->multi, CURLMOPT_SOCKETDATA, loop);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(loop->multi, CURLMOPT_TIMERDATA, loop);
    curl_multi_setopt(loop->multi, CURLMOPT_MAXCONNECTS, connections);
    return true;
}

void http_loop_close(struct http_loop *loop) {
    curl_multi_cleanup(loop->multi);
    close(loop->epoll);
    loop->multi = NULL;
}

void http_loop_start(struct http_loop *loop, struct http_transfer *transfer) {
    curl_multi_add_handle(loop->multi, transfer->easy);
    loop->running++;
}

void http_loop_abandon(struct http_loop *loop, struct http_transfer *transfer) {
    curl_multi_remove_handle(loop->multi, transfer->easy);
    loop->running--;
}

void http_loop_watch(struct http_loop *loop, int fd) {
    if (loop->watched >= 0 && !loop->always_ready)
        epoll_ctl(loop->epoll, EPOLL_CTL_DEL, loop->watched, NULL);
    loop->watched = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    loop->always_ready = fd >= 0 && epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) < 0;
}

static void collect_done(struct http_loop *loop) {
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(loop->multi, &left))) {
        if (message->msg != CURLMSG_DONE)
            continue;
        struct http_transfer *transfer = NULL;
        CURLcode code = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
        curl_multi_remove_handle(loop->multi, message->easy_handle);
        loop->running--;
        loop->done(transfer, http_result(transfer, code), loop->context);
    }
}

static int wait_time(const struct http_loop *loop, int64_t timeout_ms) {
    int64_t wait = timeout_ms < 0 || timeout_ms > INT_MAX ? INT_MAX : timeout_ms;
    if (loop->tick_ms && loop->tick_ms < wait)
        wait = loop->tick_ms;
    if (loop->timer_ms >= 0) {
        int64_t until_timer = loop->timer_ms - monotonic_ms();
        if (until_timer < wait)
            wait = until_timer < 0 ? 0 : until_timer;
    }
    return loop->always_ready ? 0 : (int)wait;
}

enum http_loop_event http_loop_wait(struct http_loop *loop, int64_t timeout_ms) {
    enum { EVENTS = 64 };
    struct epoll_event events[EVENTS];
    int running = 0;
    bool readable = loop->always_ready;
    if (timeout_ms < 0 && !loop->running && loop->watched < 0)
        return HTTP_LOOP_IDLE;
    int count = epoll_wait(loop->epoll, events, EVENTS, wait_time(loop, timeout_ms));
    for (int i = 0; i < count; i++) {
        uint32_t what = events[i].events;
        if (events[i].data.fd == loop->watched) {
            readable = true;
            continue;
        }
        int flags = (what & EPOLLIN ? CURL_CSELECT_IN : 0) | (what & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                    (what & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
        curl_multi_socket_action(loop->multi, events[i].data.fd, flags, &running);
    }
    if (loop->timer_ms >= 0 && monotonic_ms() >= loop->timer_ms) {
        loop->timer_ms = -1;
        curl_multi_socket_action(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
    collect_done(loop);
    return readable ? HTTP_LOOP_READABLE : HTTP_LOOP_HANDLED;
}
