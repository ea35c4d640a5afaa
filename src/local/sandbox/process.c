/* Processes of functions, and the namespaces that they start in. */
#include "local/sandbox/internal.h"

#include "util/files.h"
#include "util/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { VARIABLES_LIMIT = 4 * 1024 * 1024 };

/* ---- process numbers of their own ---- */

int process_wait(pid_t process) {
    int status = 1;
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

bool process_mount_numbers(void) {
    return mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

/* Like fork, but the new process is a child of this process's parent. */
static pid_t fork_sibling(void) {
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

/* Makes a PID namespace, in which later children of this process are, and its keeper. False with errno. */
static bool make_namespace(pid_t *keeper) {
    if (unshare(CLONE_NEWPID) != 0)
        return false;
    *keeper = fork_sibling();
    if (*keeper == 0)
        keep();
    return *keeper > 0;
}

/* ---- starting ---- */

/* A message from the new process: first the time of execve; then, if execve failed, the errno. */
struct start {
    uint64_t begun;
    int error;
};

static bool send_start(int status, const struct start *start) {
    return send(status, start, sizeof *start, MSG_NOSIGNAL) == (ssize_t)sizeof *start;
}

/* Runs in the new process. This program has one thread, so the C library can be used after fork. */
static void become(const struct process_plan *plan, int status) {
    sigset_t none;
    sigemptyset(&none);
    for (int signal_number = 1; signal_number < NSIG; signal_number++)
        signal(signal_number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return;
    const struct isolation *isolation = plan->folders->isolation;
    if (!folders_fill(plan->folders))
        return;
    for (size_t i = 0; i < plan->join_count; i++)
        if (write(plan->joins[i], "0", 1) != 1)
            return;
    /* Entering a user namespace resets PR_SET_PDEATHSIG, so it is set again. */
    if (!(isolation->pids ? process_mount_numbers() : folders_separate(isolation->mounts)) ||
        !folders_mount(plan->folders) || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
        prctl(PR_SET_CHILD_SUBREAPER, plan->keeps_orphans ? 1 : 0) != 0)
        return;
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(plan->output, STDOUT_FILENO) < 0 ||
        dup2(plan->output, STDERR_FILENO) < 0)
        return;
    if (null > STDERR_FILENO)
        close(null);
    if (chdir(plan->folders->task) != 0)
        return;
    /* This also fails when the parent died before PR_SET_PDEATHSIG. */
    const struct start begun = {.begun = loop_now()};
    if (!send_start(status, &begun))
        return;
    execve(plan->program, plan->arguments, plan->environment);
}

static _Noreturn void run(const struct process_plan *plan, int status) {
    become(plan, status);
    const struct start failed = {.error = errno};
    _exit(send_start(status, &failed) ? 127 : 126);
}

/* The processes that the intermediate process has started as children of this program. */
struct family {
    pid_t keeper, process;
};

/* Runs in the intermediate process: makes the namespaces and starts the processes in them. */
static _Noreturn void start_family(const struct process_plan *plan, int status, int report) {
    struct family family = {0, -1};
    if (folders_separate(plan->folders->isolation->mounts) && make_namespace(&family.keeper))
        family.process = fork_sibling();
    if (family.process == 0)
        run(plan, status);
    const struct start failed = {.error = errno};
    if (family.process < 0)
        send_start(status, &failed);
    _exit(write(report, &family, sizeof family) == (ssize_t)sizeof family ? 0 : 1);
}

/* Like fork, but the child is in a PID namespace and runs `plan`. */
static pid_t fork_family(const struct process_plan *plan, const int status[2], pid_t *keeper) {
    struct family family = {0, -1};
    struct start failed = {.error = EAGAIN};
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0)
        return -1;
    pid_t between = fork();
    if (between == 0) {
        close(status[0]);
        start_family(plan, status[1], report[1]);
    }
    close(report[1]);
    ssize_t got;
    while (between > 0 && (got = read(report[0], &family, sizeof family)) < 0 && errno == EINTR)
        ;
    close(report[0]);
    if (family.process < 0 && between > 0) {
        recv(status[0], &failed, sizeof failed, 0);
        errno = failed.error;
    }
    *keeper = family.keeper;
    return family.process;
}

pid_t process_start(const struct process_plan *plan, int *status_reader, pid_t *keeper) {
    int status[2];
    *keeper = 0;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, status) != 0)
        return -1;
    pid_t process = plan->folders->isolation->pids ? fork_family(plan, status, keeper) : fork();
    if (process == 0) {
        close(status[0]);
        run(plan, status[1]);
    }
    int error = errno;
    close(status[1]);
    if (process < 0) {
        close(status[0]);
        if (*keeper > 0)
            kill(*keeper, SIGKILL);
        *keeper = 0;
        errno = error;
        return -1;
    }
    setpgid(process, process); /* parent and child both do this, to be sure it is done */
    *status_reader = status[0];
    return process;
}

uint64_t process_begun(int status) {
    struct start start = {.begun = 0};
    bool received = status >= 0 && recv(status, &start, sizeof start, MSG_PEEK) == (ssize_t)sizeof start;
    return received ? start.begun : 0;
}

int process_failure(int status) {
    struct start start = {.error = 0};
    while (!start.error && recv(status, &start, sizeof start, 0) == (ssize_t)sizeof start)
        ;
    close(status);
    return start.error;
}

/* ---- ending ---- */

void process_tree_signal(pid_t leader, int signal_number) {
    struct process_list tree = PROCESS_LIST_INIT;
    process_list_tree(&tree, leader);
    process_list_signal(&tree, signal_number);
    process_list_release(&tree);
    kill(-leader, signal_number);
}

void process_kill_marked(const char *mark) {
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    while (processes && (entry = readdir(processes))) {
        pid_t process = (pid_t)strtol(entry->d_name, NULL, 10);
        struct text path = TEXT_INIT, variables = TEXT_INIT;
        text_append_format(&path, "/proc/%d/environ", (int)process);
        if (process > 0 && file_read(path.bytes, VARIABLES_LIMIT, &variables) &&
            memmem(text_string(&variables), variables.length, mark, strlen(mark)))
            kill(process, SIGKILL);
        text_release(&path);
        text_release(&variables);
    }
    if (processes)
        closedir(processes);
}

static bool reap_one(void) {
    while (waitpid(-1, NULL, 0) < 0)
        if (errno != EINTR)
            return false;
    return true;
}

void process_end_children(void) {
    do {
        struct process_list children = PROCESS_LIST_INIT;
        process_list_children(&children, getpid());
        process_list_signal(&children, SIGKILL);
        process_list_release(&children);
    } while (reap_one());
}

bool process_is_gone(pid_t process, pid_t wanted) {
    if (process <= 0)
        return false;
    return wanted ? process == wanted : kill(process, 0) != 0 && errno == ESRCH;
}
