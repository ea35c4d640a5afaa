/* A Lambda API whose concurrency is low at first. It answers invocations only.
 *
 *     throttle --log FILE --capacity N --then M --hold MS
 *
 * Prints its address on a line and runs until it is ended. At most N invocations run at once, each for MS
 * milliseconds. The others get 429, also after MS, so that the number in flight can be observed. After 100
 * arrivals in a row with at most N + 2 invocations present, the limit becomes M. Logs each invocation as a
 * line in FILE: the limit, the number of invocations present, and the status. */
#include "util/base64.h"
#include "util/diagnostics.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/text.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { CALM = 100 };

struct server {
    pthread_mutex_t lock;
    int log;
    long long capacity, then, hold_ms;
    long long present, running, served;
    int calm; /* arrivals in a row with at most capacity + 2 present */
};

/* Counts the arrival; true when the invocation may run. */
static bool arrive(struct server *server, long long *number) {
    char line[96];
    pthread_mutex_lock(&server->lock);
    long long capacity = server->calm >= CALM ? server->then : server->capacity;
    bool admitted = server->running < capacity;
    server->present++;
    server->running += admitted;
    *number = admitted ? ++server->served : 0;
    if (server->calm < CALM)
        server->calm = server->present <= server->capacity + 2 ? server->calm + 1 : 0;
    int length =
        snprintf(line, sizeof line, "%lld %lld %d\n", capacity, server->present, admitted ? 200 : 429);
    if (write(server->log, line, (size_t)length) < 0)
        report_error("cannot write the log");
    pthread_mutex_unlock(&server->lock);
    return admitted;
}

static void leave(struct server *server, bool admitted) {
    pthread_mutex_lock(&server->lock);
    server->present--;
    server->running -= admitted;
    pthread_mutex_unlock(&server->lock);
}

static struct MHD_Response *admit(long long number) {
    struct text report = TEXT_INIT, tail = TEXT_INIT;
    char id[64];
    snprintf(id, sizeof id, "00000000-0000-4000-8000-%012lld", number);
    text_append_format(&report,
                       "REPORT RequestId: %s\tDuration: 1.00 ms\tBilled Duration: 1 ms\t"
                       "Memory Size: 128 MB\tMax Memory Used: 10 MB\n",
                       id);
    base64_encode(report.bytes, report.length, &tail);
    struct MHD_Response *response =
        MHD_create_response_from_buffer(4, (void *)"null", MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "x-amzn-RequestId", id);
    MHD_add_response_header(response, "X-Amz-Executed-Version", "1");
    MHD_add_response_header(response, "X-Amz-Log-Result", text_string(&tail));
    text_release(&report);
    text_release(&tail);
    return response;
}

static struct MHD_Response *refuse(void) {
    static char body[] = "{\"Type\":\"User\",\"Message\":\"Rate "
                         "Exceeded.\",\"Reason\":\"ReservedFunctionConcurrentInvocationLimitExceeded\"}";
    struct MHD_Response *response =
        MHD_create_response_from_buffer(sizeof body - 1, body, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(response, "x-amzn-ErrorType", "TooManyRequestsException");
    return response;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data, size_t *size,
                              void **state) {
    struct server *server = context;
    long long number;
    (void)path, (void)method, (void)version, (void)data;
    if (!*state || *size) {
        *state = server;
        *size = 0;
        return MHD_YES;
    }
    struct timespec time = {(time_t)(server->hold_ms / 1000), (long)(server->hold_ms % 1000) * 1000000};
    bool admitted = arrive(server, &number);
    nanosleep(&time, NULL);
    struct MHD_Response *response = admitted ? admit(number) : refuse();
    enum MHD_Result result = MHD_queue_response(connection, admitted ? 200 : 429, response);
    MHD_destroy_response(response);
    leave(server, admitted);
    return result;
}

static void take_log(const struct option_row *row, char *path) {
    *(int *)row->target.any = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void parse(int argc, char **argv, struct server *server) {
    static const struct program program = {"throttle", "see tests/programs/throttle.c\n", "", 0};
    const struct option_row rows[] = {
        OPTION_CALL("log", "FILE", take_log, &server->log, ""),
        OPTION_WHOLE("capacity", "N", &server->capacity, 0, 10000, ""),
        OPTION_WHOLE("then", "N", &server->then, 0, 10000, ""),
        OPTION_WHOLE("hold", "MS", &server->hold_ms, 0, 60000, ""),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
}

int main(int argc, char **argv) {
    struct server server = {.lock = PTHREAD_MUTEX_INITIALIZER, .log = -1};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sigset_t ends;
    int received;
    diagnostics_program("throttle");
    parse(argc, argv, &server);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0, NULL, NULL, handle, &server,
        MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, 500u, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        report_error("cannot start");
        return STATUS_FAILED;
    }
    printf("http://127.0.0.1:%u\n", info->port);
    fflush(stdout);
    sigwait(&ends, &received);
    return STATUS_DONE;
}
