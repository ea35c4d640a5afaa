#include "local/reaper.h"

#include "local/sandbox/process.h"
#include "util/diagnostics.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How long a server may take to end by itself. */
enum { PATIENCE_S = 10 };

/* Waits for the child `process`, passing on the signals that are to end it. Its status, as of waitpid. */
static int attend(pid_t process, const sigset_t *signals) {
    struct timespec patience = {.tv_sec = PATIENCE_S};
    int status = 0, told = 0;
    while (waitpid(process, &status, WNOHANG) == 0) {
        siginfo_t info;
        int got = told ? sigtimedwait(signals, &info, &patience) : sigwaitinfo(signals, &info);
        if (got == SIGCHLD || (got < 0 && errno == EINTR))
            continue;
        kill(process, got < 0 ? SIGKILL : SIGTERM);
        told = 1;
    }
    return status;
}

/* The signals that are waited for, blocked. */
static void block_signals(sigset_t *signals) {
    struct sigaction interrupt;
    sigemptyset(signals);
    sigaddset(signals, SIGCHLD);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGHUP);
    /* A shell ignores Ctrl-C for what it starts in the background: it is not for this process then. */
    if (sigaction(SIGINT, NULL, &interrupt) != 0 || interrupt.sa_handler != SIG_IGN)
        sigaddset(signals, SIGINT);
    sigprocmask(SIG_BLOCK, signals, NULL);
}

/* Starts a child that is told by SIGTERM when this process dies; 0 in the child. */
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

/* A session of its own, so that what kills the user's process group does not kill the guard. */
static _Noreturn void be_watchdog(const struct reaper *reaper, const sigset_t *signals,
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
    int status = attend(server, signals);
    if (!WIFEXITED(status)) /* before: what is frozen does not end */
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
        be_watchdog(reaper, &signals, &before);
    if (child < 0) {
        report_error("cannot start the server: %s", strerror(errno));
        return STATUS_FAILED;
    }
    int status = attend(child, &signals);
    /* A guard that was killed has left the server, which ends by itself: it has been told. */
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
        ;
    if (!WIFEXITED(status))
        reaper->clear(reaper->context);
    return exit_status(status);
}
