#include "local/process.h"

#include "util/files.h"
#include "util/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { TREE_LIMIT = 4096, VARIABLES_LIMIT = 4 * 1024 * 1024 };

/* ---- starting ---- */

/* In the new process: only async-signal-safe calls. */
static void become(const struct process_plan *plan, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    for (int signal_number = 1; signal_number < NSIG; signal_number++)
        signal(signal_number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (setpgid(0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return;
    if (getppid() != parent)
        _exit(1);
    for (size_t i = 0; i < plan->join_count; i++)
        if (write(plan->joins[i], "0", 1) != 1)
            return;
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(plan->output, STDOUT_FILENO) < 0 ||
        dup2(plan->output, STDERR_FILENO) < 0)
        return;
    if (null > STDERR_FILENO)
        close(null);
    if (chdir(plan->directory) != 0)
        return;
    execve(plan->program, plan->arguments, plan->environment);
}

pid_t process_start(const struct process_plan *plan, int *failed) {
    int status[2];
    if (pipe2(status, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    pid_t parent = getpid();
    pid_t process = fork();
    if (process == 0) {
        become(plan, parent);
        int error = errno;
        if (write(status[1], &error, sizeof error) < 0)
            _exit(126);
        _exit(127);
    }
    int error = errno;
    close(status[1]);
    if (process < 0) {
        close(status[0]);
        errno = error;
        return -1;
    }
    setpgid(process, process); /* whoever of the two comes first */
    *failed = status[0];
    return process;
}

int process_failure(int failed) {
    int error = 0;
    if (read(failed, &error, sizeof error) != (ssize_t)sizeof error)
        error = 0;
    close(failed);
    return error;
}

/* ---- looking at trees ---- */

static size_t read_small_file(const char *path, char *buffer, size_t size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    ssize_t length = read(fd, buffer, size - 1);
    close(fd);
    buffer[length > 0 ? length : 0] = '\0';
    return length > 0 ? (size_t)length : 0;
}

long process_peak_kib(pid_t process) {
    char path[64], status[4096];
    snprintf(path, sizeof path, "/proc/%d/status", (int)process);
    if (!read_small_file(path, status, sizeof status))
        return 0;
    const char *peak = strstr(status, "\nVmHWM:");
    return peak ? strtol(peak + 7, NULL, 10) : 0;
}

static long resident_kib(pid_t process) {
    char path[64], sizes[128];
    snprintf(path, sizeof path, "/proc/%d/statm", (int)process);
    long pages = 0;
    if (!read_small_file(path, sizes, sizeof sizes) || sscanf(sizes, "%*s %ld", &pages) != 1)
        return 0;
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

struct tree {
    pid_t *processes;
    size_t count, capacity;
};

static void tree_add(struct tree *tree, pid_t process) {
    if (tree->count >= TREE_LIMIT)
        return;
    tree->processes = memory_reserve(tree->processes, &tree->capacity, tree->count + 1, sizeof(pid_t));
    tree->processes[tree->count++] = process;
}

/* The kernel lists children by the thread that made them. */
static void add_children(struct tree *tree, pid_t process) {
    char path[96], children[4096];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *threads = opendir(path);
    if (!threads)
        return;
    struct dirent *thread;
    while ((thread = readdir(threads))) {
        if (thread->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", (int)process, thread->d_name);
        if (!read_small_file(path, children, sizeof children))
            continue;
        char *at = children;
        for (long child; (child = strtol(at, &at, 10)) > 0;)
            tree_add(tree, (pid_t)child);
    }
    closedir(threads);
}

void process_tree_visit(pid_t leader, void (*visit)(void *context, pid_t process), void *context) {
    struct tree tree = {NULL, 0, 0};
    tree_add(&tree, leader);
    for (size_t i = 0; i < tree.count; i++)
        add_children(&tree, tree.processes[i]);
    for (size_t i = 0; i < tree.count; i++)
        visit(context, tree.processes[i]);
    free(tree.processes);
}

struct sum {
    pid_t leader;
    long kib;
    int processes;
};

static void add_resident(void *context, pid_t process) {
    struct sum *sum = context;
    sum->kib += resident_kib(process);
    sum->processes++;
}

/* Pages that several processes share count once: each process has its part of them. A child of vfork is its
 * parent's memory altogether, until it becomes another program. */
static void add_proportional(void *context, pid_t process) {
    struct sum *sum = context;
    char path[64], sizes[2048];
    if (process != sum->leader && syscall(SYS_kcmp, process, sum->leader, KCMP_VM, 0, 0) == 0)
        return;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)process);
    const char *part = read_small_file(path, sizes, sizeof sizes) ? strstr(sizes, "\nPss:") : NULL;
    sum->kib += part ? strtol(part + 5, NULL, 10) : 0;
}

long process_tree_kib(pid_t leader, long interesting_kib) {
    struct sum resident = {.leader = leader}, proportional = {.leader = leader};
    process_tree_visit(leader, add_resident, &resident);
    if (resident.processes < 2 || resident.kib <= interesting_kib)
        return resident.kib;
    process_tree_visit(leader, add_proportional, &proportional);
    return proportional.kib;
}

static void send_signal(void *context, pid_t process) {
    kill(process, *(int *)context);
}

void process_tree_signal(pid_t leader, int signal_number) {
    process_tree_visit(leader, send_signal, &signal_number);
    kill(-leader, signal_number);
}

void process_kill_marked(const char *mark) {
    DIR *processes = opendir("/proc");
    struct dirent *entry;
    while (processes && (entry = readdir(processes))) {
        int process = atoi(entry->d_name);
        struct text path = TEXT_INIT, variables = TEXT_INIT;
        text_append_format(&path, "/proc/%d/environ", process);
        if (process > 0 && file_read(path.bytes, VARIABLES_LIMIT, &variables) &&
            memmem(text_string(&variables), variables.length, mark, strlen(mark)))
            kill(process, SIGKILL);
        text_release(&path);
        text_release(&variables);
    }
    if (processes)
        closedir(processes);
}
