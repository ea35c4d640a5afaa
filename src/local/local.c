#include "local/local.h"

#include "local/api/api.h"
#include "local/api/request-log.h"
#include "local/environment/environment.h"
#include "local/environment/invoke-event.h"
#include "local/environment/queue.h"
#include "local/environment/runtime-api.h"
#include "local/instance.h"
#include "serve/peer.h"
#include "util/diagnostics.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

/* The part of each core that is never granted to functions. The tools need some of it. The rest is slack
 * for the scheduler: processes are not pinned, so those that share a core do not always run on the same
 * one. */
static const double SLACK_OF_CORE = 0.1;

/* ---- signals ---- */

static void reap(struct server *server) {
    int status;
    struct rusage usage;
    pid_t process;
    while ((process = wait4(-1, &status, WNOHANG, &usage)) > 0)
        environment_reaped(server, process, status, &usage);
}

static void signal_ready(void *context) {
    struct server *server = context;
    struct signalfd_siginfo info;
    while (read(server->signals.fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGCHLD)
            continue;
        server->ended_by = (int)info.ssi_signo;
        loop_stop(server->loop);
    }
    reap(server);
}

static bool open_signals(struct server *server) {
    server->signals = (struct watch){.fd = -1, .ready = signal_ready, .context = server};
    return loop_watch_signals(server->loop, &server->signals);
}

/* ---- parts ---- */

/* Runs both servers until neither has work left. One can make work for the other: the response of a runtime
 * completes a request of the API. */
static int settle(void *context) {
    struct server *server = context;
    int api, runtime;
    do {
        runtime = httpd_server_settle(server->runtime);
        api = httpd_server_settle(server->api);
    } while (httpd_server_active(server->runtime) || httpd_server_active(server->api));
    if (api < 0 || (runtime >= 0 && runtime < api))
        return runtime;
    return api;
}

static bool report_failure(const char *what) {
    report_error("%s: %s", what, errno ? strerror(errno) : "libmicrohttpd refused");
    return false;
}

static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool open_servers(struct server *server) {
    struct httpd_options runtime = runtime_api_options(server), api = api_options(server);
    if (!peer_can_be_determined()) {
        report_error("cannot determine the user of a connection (NETLINK_SOCK_DIAG): any user of this "
                     "machine could read events and forge responses");
        return false;
    }
    server->runtime = httpd_server_new(server->loop, &runtime);
    if (!server->runtime)
        return report_failure("cannot serve the Runtime API");
    server->api = httpd_server_new(server->loop, &api);
    if (!server->api) {
        report_error("cannot listen on port %d of 127.0.0.1: %s", server->settings.port,
                     errno ? strerror(errno) : "libmicrohttpd refused");
        return false;
    }
    loop_settle(server->loop, settle, server);
    return true;
}

static bool open_sandboxes(struct server *server) {
    server->sandboxes = sandboxes_new(server->loop, server->settings.cpu, instance_name(server->instance));
    if (!server->sandboxes) {
        report_error("--cpu cgroup: no usable control group hierarchy found");
        return false;
    }
    double cores = (double)sysconf(_SC_NPROCESSORS_ONLN) * (1 - SLACK_OF_CORE);
    server->admission = admission_queue_new(server->settings.cpu == CPU_NONE ? 0 : cores);
    return true;
}

static bool open_parts(struct server *server) {
    raise_descriptor_limit();
    server->loop = loop_new();
    if (!server->loop || !open_signals(server))
        return report_failure("cannot wait for events");
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        return report_failure("cannot become a subreaper");
    server->instance = instance_new(server->settings.owner);
    if (!server->instance)
        return report_failure("cannot create a temporary folder");
    server->isolation = isolation_find(instance_folder(server->instance));
    if (!record_open(server)) {
        report_error("--record: cannot open '%s': %s", server->settings.record, strerror(errno));
        return false;
    }
    return open_sandboxes(server) && open_servers(server);
}

bool local_open(struct server *server, const struct settings *settings) {
    *server = (struct server){.settings = *settings, .record = -1, .signals.fd = -1};
    server->store.retired = environments_retire;
    if (open_parts(server))
        return true;
    local_close(server);
    return false;
}

void local_clear(pid_t owner) {
    char name[32];
    snprintf(name, sizeof name, "power-tune-%d", (int)getpid());
    sandboxes_clear(name, owner);
    instance_clear(owner);
}

int local_run(struct server *server) {
    if (!loop_run(server->loop))
        report_failure("cannot wait for events");
    return server->ended_by;
}

void local_close(struct server *server) {
    environments_end(server);
    events_end(server);
    store_release(&server->store);
    environments_end(server);
    httpd_server_free(server->api);
    httpd_server_free(server->runtime);
    sandboxes_free(server->sandboxes);
    admission_queue_free(server->admission);
    record_close(server);
    instance_free(server->instance);
    if (server->signals.fd >= 0)
        close(server->signals.fd);
    loop_free(server->loop);
}
