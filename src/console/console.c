#include "console/console.h"

#include "console/local-functions.h"
#include "console/routes.h"
#include "util/diagnostics.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* ---- signals ---- */

static void signal_ready(void *context) {
    struct console *console = context;
    struct signalfd_siginfo info;
    while (read(console->signals.fd, &info, sizeof info) == (ssize_t)sizeof info)
        if (info.ssi_signo != SIGCHLD)
            loop_stop(console->loop);
    commands_reap(&console->commands);
}

static bool open_signals(struct console *console) {
    console->signals = (struct watch){.fd = -1, .ready = signal_ready, .context = console};
    return loop_watch_signals(console->loop, &console->signals);
}

/* ---- parts ---- */

static int settle(void *context) {
    struct console *console = context;
    return httpd_server_settle(console->server);
}

static bool open_server(struct console *console) {
    struct httpd_options options = api_options(console);
    console->server = httpd_server_new(console->loop, &options);
    if (!console->server) {
        report_error("cannot listen on port %d of 127.0.0.1: %s", options.port,
                     errno ? strerror(errno) : "libmicrohttpd refused");
        return false;
    }
    loop_settle(console->loop, settle, console);
    return true;
}

bool console_open(struct console *console, const struct console_options *options) {
    *console = (struct console){.options = *options, .signals.fd = -1, .runs.folder = -1};
    if (!runs_open(&console->runs))
        return false;
    console->loop = loop_new();
    if (!console->loop || !secret_make(console->secret) || !open_signals(console) ||
        !commands_open(&console->commands, console->loop)) {
        report_error("cannot start the console: %s", strerror(errno));
        return false;
    }
    followers_open(&console->followers, console->loop, &console->runs);
    functions_find(options->folders, options->folder_count, &console->functions);
    return open_server(console);
}

void console_address(const struct console *console, struct text *address) {
    text_append_format(address, "http://127.0.0.1:%d/%s/", httpd_server_port(console->server),
                       console->secret);
}

void console_run(struct console *console) {
    if (!loop_run(console->loop))
        report_error("cannot wait for events: %s", strerror(errno));
}

void console_close(struct console *console) {
    commands_close(&console->commands);
    followers_close(&console->followers);
    httpd_server_free(console->server);
    if (console->opened.length)
        unlink(console->opened.bytes);
    if (console->signals.fd >= 0)
        close(console->signals.fd);
    runs_close(&console->runs);
    text_release(&console->functions);
    text_release(&console->opened);
    loop_free(console->loop);
}
