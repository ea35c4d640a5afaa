#include "local/sandbox/pid-namespace.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

pid_t pid_namespace_fork(void) {
    return (pid_t)syscall(SYS_clone, (unsigned long)(CLONE_PARENT | SIGCHLD), 0, 0, 0, 0);
}

/* The keeper. It is killed when this program dies or its environment has ended. */
static _Noreturn void keep(void) {
    signal(SIGCHLD, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_range(0, ~0U, 0);
    for (;;)
        pause();
}

bool pid_namespace_make(pid_t *keeper) {
    if (unshare(CLONE_NEWPID) != 0)
        return false;
    *keeper = pid_namespace_fork();
    if (*keeper == 0)
        keep();
    return *keeper > 0;
}

bool pid_namespace_enter(void) {
    return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

static int wait_for(pid_t process) {
    int status = 1;
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

bool pid_namespace_find(enum private_tmp_mechanism mechanism) {
    if (mechanism == PRIVATE_TMP_NONE)
        return false;
    pid_t process = fork();
    if (process == 0) {
        pid_t inner = private_tmp_separate(mechanism) && unshare(CLONE_NEWPID) == 0 ? fork() : -1;
        if (inner == 0)
            _exit(pid_namespace_enter() ? 0 : 1);
        _exit(wait_for(inner) == 0 ? 0 : 1);
    }
    return wait_for(process) == 0;
}
