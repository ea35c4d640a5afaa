#include "console/command.h"

#include "util/files.h"
#include "util/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAX_COMMANDS = 4, TIMEOUT_S = 120, OUTPUT_LIMIT = 32 * 1024 * 1024 };

struct command {
    struct commands *commands;
    struct command *next;
    pid_t pid;
    int output, errors; /* files in memory */
    struct timer timeout;
    void (*done)(void *context, const struct command_result *result);
    void *context;
};

bool commands_open(struct commands *commands, struct loop *loop) {
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    *commands = (struct commands){.loop = loop, .folder = TEXT_INIT};
    if (length < 0)
        return false;
    const char *slash = memrchr(path, '/', (size_t)length);
    text_append(&commands->folder, path, slash ? (size_t)(slash - path) : 0);
    text_append_byte(&commands->folder, '/');
    return true;
}

/* ---- starting ---- */

/* Makes a file in memory with `content`, positioned at its start. Returns a descriptor, or -1 with errno. */
static int memory_file(struct span content) {
    int fd = memfd_create("power-tune", MFD_CLOEXEC);
    if (fd < 0)
        return -1;
    if (write_all(fd, content.start, content.length) && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

/* Resets the signal mask and handlers, because the console blocks some signals. */
static int set_attributes(posix_spawnattr_t *attributes, short flags) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int failed = posix_spawnattr_setsigmask(attributes, &none);
    if (!failed)
        failed = posix_spawnattr_setsigdefault(attributes, &all);
    if (!failed)
        failed = posix_spawnattr_setflags(attributes,
                                          (short)(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    return failed;
}

static int set_descriptors(posix_spawn_file_actions_t *actions, const int fds[3]) {
    int failed = 0;
    for (int i = 0; i < 3 && !failed; i++)
        failed = posix_spawn_file_actions_adddup2(actions, fds[i], i);
    return failed ? failed : posix_spawn_file_actions_addclosefrom_np(actions, 3);
}

static int spawn(const char *path, char *const *arguments, const int fds[3], short flags, pid_t *child) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = set_attributes(&attributes, flags);
        if (!failed)
            failed = set_descriptors(&actions, fds);
        if (!failed)
            failed = posix_spawnp(child, path, &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static bool start(const struct commands *commands, const struct words *words, struct span input, int output,
                  int errors, short flags, pid_t *child) {
    struct text path = TEXT_INIT;
    int in = memory_file(input);
    if (in < 0)
        return false;
    text_append_format(&path, "%s%s", commands->folder.bytes, words->words[0]);
    if (access(path.bytes, X_OK) != 0) {
        text_clear(&path);
        text_append_string(&path, words->words[0]);
    }
    int failed = spawn(path.bytes, words->words, (const int[]){in, output, errors}, flags, child);
    text_release(&path);
    close(in);
    errno = failed;
    return !failed;
}

bool command_detach(struct commands *commands, const struct words *words, struct span input, int output) {
    pid_t child;
    return start(commands, words, input, output, output, POSIX_SPAWN_SETSID, &child);
}

static void time_out(void *context) {
    struct command *command = context;
    kill(command->pid, SIGKILL);
}

static void command_free(struct command *command) {
    loop_cancel(command->commands->loop, &command->timeout);
    if (command->output >= 0)
        close(command->output);
    if (command->errors >= 0)
        close(command->errors);
    free(command);
}

bool command_run(struct commands *commands, const struct words *words, struct span input,
                 void (*done)(void *context, const struct command_result *result), void *context) {
    if (commands->count == MAX_COMMANDS) {
        errno = EAGAIN;
        return false;
    }
    struct command *command = memory_zeroed(1, sizeof *command);
    *command = (struct command){.commands = commands, .done = done, .context = context};
    command->output = memory_file((struct span){"", 0});
    command->errors = memory_file((struct span){"", 0});
    command->timeout = (struct timer){.fire = time_out, .context = command};
    if (command->output < 0 || command->errors < 0 ||
        !start(commands, words, input, command->output, command->errors, 0, &command->pid)) {
        int error = errno;
        command_free(command);
        errno = error;
        return false;
    }
    command->next = commands->running;
    commands->running = command;
    commands->count++;
    loop_set_timer(commands->loop, &command->timeout, loop_now() + TIMEOUT_S * NANOSECONDS_PER_SECOND);
    return true;
}

/* ---- ending ---- */

static void read_back(int fd, struct text *content) {
    struct stat status;
    off_t at = 0;
    if (fstat(fd, &status) != 0)
        return;
    off_t size = status.st_size < OUTPUT_LIMIT ? status.st_size : OUTPUT_LIMIT;
    char *room = text_extend(content, (size_t)size);
    for (ssize_t got; at < size && (got = pread(fd, room + at, (size_t)(size - at), at)) > 0;)
        at += got;
    text_extended(content, (size_t)at);
}

static void finish(struct command *command, int ended) {
    struct text output = TEXT_INIT, errors = TEXT_INIT;
    read_back(command->output, &output);
    read_back(command->errors, &errors);
    struct command_result result = {.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : 128 + WTERMSIG(ended),
                                    .output = {text_string(&output), output.length},
                                    .errors = {text_string(&errors), errors.length}};
    command->done(command->context, &result);
    command_free(command);
    text_release(&output);
    text_release(&errors);
}

/* Removes the command of a process from the list; NULL when there is none. */
static struct command *take(struct commands *commands, pid_t pid) {
    for (struct command **at = &commands->running; *at; at = &(*at)->next)
        if ((*at)->pid == pid) {
            struct command *command = *at;
            *at = command->next;
            commands->count--;
            return command;
        }
    return NULL;
}

void commands_reap(struct commands *commands) {
    int ended;
    for (pid_t pid; (pid = waitpid(-1, &ended, WNOHANG)) > 0;) {
        struct command *command = take(commands, pid);
        if (command)
            finish(command, ended);
    }
}

void commands_close(struct commands *commands) {
    while (commands->running) {
        struct command *command = commands->running;
        commands->running = command->next;
        kill(command->pid, SIGKILL);
        waitpid(command->pid, NULL, 0);
        command_free(command);
    }
    text_release(&commands->folder);
}
