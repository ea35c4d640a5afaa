#include "util/subprocess.h"

#include "util/process-list.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { READ_SIZE = 4096 };

/* Reads once; false at the end. Bytes over `limit` are dropped, and set `*too_much`. */
static bool take(int fd, size_t limit, struct text *text, bool *too_much) {
    char buffer[READ_SIZE];
    ssize_t got = read(fd, buffer, sizeof buffer);
    if (got < 0)
        return errno == EINTR || errno == EAGAIN;
    size_t room = limit > text->length ? limit - text->length : 0;
    *too_much = *too_much || (size_t)got > room;
    text_append(text, buffer, (size_t)got < room ? (size_t)got : room);
    return got > 0;
}

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The milliseconds left until `end_ms`, for poll; -1 (no limit) when `end_ms` is 0. */
static int time_left(long long end_ms) {
    long long left = end_ms ? end_ms - now_ms() : -1;
    if (end_ms && left < 0)
        left = 0;
    return left > INT_MAX ? INT_MAX : (int)left;
}

/* Reads both pipes to their ends. False when that took longer than until `end_ms` (0: no limit). */
static bool read_both(pid_t child, const int fds[2], size_t limit, long long end_ms, struct text *output,
                      struct text *errors) {
    struct pollfd polled[] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
    bool too_much = false, too_many_errors = false;
    while (polled[0].fd >= 0 || polled[1].fd >= 0) {
        int timeout = time_left(end_ms);
        int ready = poll(polled, 2, timeout);
        if (ready < 0 && errno != EINTR)
            break;
        if (!ready && !timeout)
            return false;
        if (ready <= 0)
            continue;
        if (polled[0].revents && !take(fds[0], limit, output, &too_much))
            polled[0].fd = -1;
        if (polled[1].revents && !take(fds[1], limit, errors, &too_many_errors))
            polled[1].fd = -1;
        if (too_much) {
            kill(child, SIGTERM);
            break;
        }
    }
    return true;
}

static void kill_tree(pid_t leader) {
    struct process_list tree = PROCESS_LIST_INIT;
    process_list_tree(&tree, leader);
    process_list_signal(&tree, SIGKILL);
    process_list_release(&tree);
}

/* The child's ends of the pipes become its standard output and error. It gets no other descriptor: a daemon that
 * it leaves behind, such as an agent for keys, would keep the driver's lock. */
static int spawn(char *const *arguments, const int output[2], const int errors[2], pid_t *child) {
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, errors[1], STDERR_FILENO);
    if (!failed)
        failed = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (!failed)
        failed = posix_spawnp(child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static void close_pair(const int pair[2]) {
    close(pair[0]);
    close(pair[1]);
}

bool process_run(char *const *arguments, size_t limit, long seconds, int *status, struct text *output,
                 struct text *errors) {
    long long end_ms = seconds ? now_ms() + seconds * 1000LL : 0;
    int out[2], err[2];
    pid_t child;
    if (pipe2(out, O_CLOEXEC) < 0)
        return false;
    if (pipe2(err, O_CLOEXEC) < 0) {
        close_pair(out);
        return false;
    }
    int failed = spawn(arguments, out, err, &child);
    close(out[1]);
    close(err[1]);
    bool in_time = failed || read_both(child, (const int[]){out[0], err[0]}, limit, end_ms, output, errors);
    if (!in_time)
        kill_tree(child);
    close(out[0]);
    close(err[0]);
    if (failed) {
        errno = failed;
        return false;
    }
    int ended = 0;
    while (waitpid(child, &ended, 0) < 0)
        if (errno != EINTR)
            return false;
    if (!in_time) {
        errno = ETIMEDOUT;
        return false;
    }
    *status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    return true;
}

/* The thread that waits for the end of the process whose id is in *context. A system without pidfd (Linux before
 * 5.3) is asked again and again. */
static void *wait_for_end(void *context) {
    pid_t parent = *(pid_t *)context;
    struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, parent, 0), .events = POLLIN};
    do
        (void)poll(&ended, 1, ended.fd < 0 ? 200 : -1);
    while (!ended.revents && kill(parent, 0) == 0);
    kill(getpid(), SIGTERM);
    return NULL;
}

void process_end_with(pid_t parent) {
    static pid_t watched;
    sigset_t all, before;
    pthread_t thread;
    watched = parent;
    /* The system itself tells a child. The second getppid is for a parent that ended meanwhile. */
    if (getppid() == parent && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent)
        return;
    if (kill(parent, 0) != 0)
        raise(SIGTERM);
    /* Signals are for the other threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int error = pthread_create(&thread, NULL, wait_for_end, &watched);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error)
        raise(SIGTERM);
    else
        pthread_detach(thread);
}
