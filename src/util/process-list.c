#include "util/process-list.h"

#include "util/files.h"
#include "util/memory.h"
#include "util/text.h"

#include <dirent.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { LIST_LIMIT = 65536, FILE_LIMIT = 1024 * 1024 };

void process_list_release(struct process_list *list) {
    free(list->processes);
    *list = (struct process_list)PROCESS_LIST_INIT;
}

static void add(struct process_list *list, pid_t process) {
    if (list->count >= LIST_LIMIT)
        return;
    list->processes = memory_reserve(list->processes, &list->capacity, list->count + 1, sizeof(pid_t));
    list->processes[list->count++] = process;
}

void process_list_parse(struct process_list *list, const char *text) {
    char *end;
    for (long process; (process = strtol(text, &end, 10)) > 0 && end != text; text = end)
        add(list, (pid_t)process);
}

/* ---- process trees ---- */

/* The kernel lists the children of each thread separately. */
void process_list_children(struct process_list *list, pid_t process) {
    struct text children = TEXT_INIT;
    char path[96];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *threads = opendir(path);
    struct dirent *thread;
    while (threads && (thread = readdir(threads))) {
        if (thread->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", (int)process, thread->d_name);
        text_clear(&children);
        if (file_read(path, FILE_LIMIT, &children) && children.length)
            process_list_parse(list, children.bytes);
    }
    if (threads)
        closedir(threads);
    text_release(&children);
}

void process_list_tree(struct process_list *list, pid_t leader) {
    size_t at = list->count;
    add(list, leader);
    for (; at < list->count; at++)
        process_list_children(list, list->processes[at]);
}

void process_list_signal(const struct process_list *list, int signal_number) {
    for (size_t i = 0; i < list->count; i++)
        kill(list->processes[i], signal_number);
}

/* ---- resource use ---- */

/* The number that follows `name` in a file of the process; 0 when there is none. */
static long number_in(pid_t process, const char *file, const char *name) {
    struct text content = TEXT_INIT;
    char path[64];
    long number = 0;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, file);
    if (file_read(path, FILE_LIMIT, &content)) {
        const char *found = strstr(text_string(&content), name);
        number = found ? strtol(found + strlen(name), NULL, 10) : 0;
    }
    text_release(&content);
    return number;
}

long process_peak_kib(pid_t process) {
    return number_in(process, "status", "\nVmHWM:");
}

static long resident_kib(pid_t process) {
    return number_in(process, "statm", " ") * (sysconf(_SC_PAGESIZE) / 1024);
}

/* The proportional set size divides shared pages among their processes. A child of vfork shares all memory
 * with its parent until it executes another program, and does not count. */
static long proportional_kib(const struct process_list *list) {
    long kib = 0;
    for (size_t i = 0; i < list->count; i++) {
        pid_t process = list->processes[i];
        if (i == 0 || syscall(SYS_kcmp, process, list->processes[0], KCMP_VM, 0, 0) != 0)
            kib += number_in(process, "smaps_rollup", "\nPss:");
    }
    return kib;
}

long process_list_kib(const struct process_list *list, long interesting_kib) {
    long kib = 0;
    for (size_t i = 0; i < list->count; i++)
        kib += resident_kib(list->processes[i]);
    return list->count < 2 || kib <= interesting_kib ? kib : proportional_kib(list);
}

uint64_t process_list_used(const struct process_list *list) {
    uint64_t nanoseconds = 0;
    for (size_t i = 0; i < list->count; i++) {
        clockid_t clock;
        struct timespec used;
        if (clock_getcpuclockid(list->processes[i], &clock) == 0 && clock_gettime(clock, &used) == 0)
            nanoseconds += (uint64_t)used.tv_sec * 1000000000U + (uint64_t)used.tv_nsec;
    }
    return nanoseconds;
}
