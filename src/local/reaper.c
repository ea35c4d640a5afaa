#include "local/reaper.h"

#include "local/sandbox/sandbox.h"
#include "util/diagnostics.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Time for the server to end after SIGTERM, before SIGKILL. */
enum { END_TIMEOUT_S = 10 };

/* Waits for the child `process`, and passes on the signals that end it. Returns its status, as waitpid
 * does. */
static int wait_for_child(pid_t process, const sigset_t *signals) {
    struct timespec timeout = {.tv_sec = END_TIMEOUT_S};
    int status = 0, signalled = 0;
    while (waitpid(process, &status, WNOHANG) == 0) {
        siginfo_t info;
        int got = signalled ? sigtimedwait(signals, &info, &timeout) : sigwaitinfo(signals, &info);
        if (got == SIGCHLD || (got < 0 && errno == EINTR))
            continue;
        kill(process, got < 0 ? SIGKILL : SIGTERM);
        signalled = 1;
    }
    return status;
}

/* Blocks the signals that wait_for_child() waits for, and returns them. */
static void block_signals(sigset_t *signals) {
    struct sigaction interrupt;
    sigemptyset(signals);
    sigaddset(signals, SIGCHLD);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGHUP);
    /* A shell sets SIGINT to ignored in background jobs, which Ctrl-C must not end. */
    if (sigaction(SIGINT, NULL, &interrupt) != 0 || interrupt.sa_handler != SIG_IGN)
        sigaddset(signals, SIGINT);
    sigprocmask(SIG_BLOCK, signals, NULL);
}

/* Forks a child that gets SIGTERM when this process dies. Returns 0 in the child. */
static pid_t start_child(void) {
    pid_t parent = getpid();
    pid_t child = fork();
    if (child == 0 && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent))
        _exit(STATUS_FAILED);
    return child;
}

static int exit_status(int status) {
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    report_error("the server was terminated by a signal: %s", strsignal(WTERMSIG(status)));
    return STATUS_FAILED;
}

static _Noreturn void serve(const struct reaper *reaper, const sigset_t *before) {
    sigprocmask(SIG_SETMASK, before, NULL);
    exit(reaper->serve(reaper->context));
}

/* The watchdog. It has a session of its own, so that a signal to the user's process group does not kill
 * it. */
static _Noreturn void watch_server(const struct reaper *reaper, const sigset_t *signals,
                                   const sigset_t *before) {
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t server = start_child();
    if (server == 0)
        serve(reaper, before);
    if (server < 0) {
        report_error("cannot start the server: %s", strerror(errno));
        _exit(STATUS_FAILED);
    }
    int status = wait_for_child(server, signals);
    if (!WIFEXITED(status)) /* first, because frozen processes do not end */
        reaper->clear(reaper->context);
    process_end_children();
    _exit(exit_status(status));
}

int reaper_run(const struct reaper *reaper) {
    sigset_t signals, before;
    sigprocmask(SIG_SETMASK, NULL, &before);
    block_signals(&signals);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t child = start_child();
    if (child == 0)
        watch_server(reaper, &signals, &before);
    if (child < 0) {
        report_error("cannot start the server: %s", strerror(errno));
        return STATUS_FAILED;
    }
    int status = wait_for_child(child, &signals);
    /* When the watchdog was killed, the server remains; it got SIGTERM and ends by itself. */
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
    if (!WIFEXITED(status))
        reaper->clear(reaper->context);
    return exit_status(status);
}
