#include "util/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_SIZE = 4096 };

/* Reads what is there; false at the end. */
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

static void read_both(pid_t child, const int fds[2], size_t limit, struct text *output, struct text *errors) {
    struct pollfd polled[] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
    bool flooded = false, chatty = false;
    while (polled[0].fd >= 0 || polled[1].fd >= 0) {
        if (poll(polled, 2, -1) < 0 && errno != EINTR)
            break;
        if (polled[0].revents && !take(fds[0], limit, output, &flooded))
            polled[0].fd = -1;
        if (polled[1].revents && !take(fds[1], limit, errors, &chatty))
            polled[1].fd = -1;
        if (flooded) {
            kill(child, SIGTERM);
            break;
        }
    }
}

/* The child's ends of the pipes become its standard output and error; all others close by themselves. */
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
        failed = posix_spawnp(child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static void close_pair(const int pair[2]) {
    close(pair[0]);
    close(pair[1]);
}

bool process_run(char *const *arguments, size_t limit, int *status, struct text *output,
                 struct text *errors) {
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
    if (!failed)
        read_both(child, (const int[]){out[0], err[0]}, limit, output, errors);
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
    *status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended);
    return true;
}

void process_end_with(pid_t parent) {
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent)
        raise(SIGTERM);
}
