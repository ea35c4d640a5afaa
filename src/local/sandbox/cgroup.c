/* Control groups, what both versions share: one group for each environment, with a limit on processor time, a
 * limit on memory where the controller is available, and a freezer. */
#include "local/sandbox/internal.h"

#include "util/files.h"
#include "util/memory.h"
#include "util/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lambda's period, the smallest quota that the kernel accepts, and how much unused quota a large share may
 * use later. */
enum { PERIOD_US = 20000, MIN_QUOTA_US = 1000, BURST_US = 8000 };

/* The kernel charges memory in batches for each processor; its figures lag by up to this much. */
enum { MIN_SPIKE_KIB = 2048 };

/* The memory of an ending process is charged but not listed, so a peak is checked several times. */
enum { LOOKS = 4 };

enum { FILE_LIMIT = 1024 * 1024, REMOVE_TRIES = 200, REMOVE_PAUSE_US = 2000 };

/* ---- files ---- */

static int open_file(const char *folder, const char *file, int flags) {
    char *path = sandbox_path(folder, file);
    int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0600);
    free(path);
    return fd;
}

static bool put(int fd, const char *value) {
    return fd >= 0 && pwrite(fd, value, strlen(value), 0) == (ssize_t)strlen(value);
}

static void close_file(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool set(const char *folder, const char *file, const char *value, int flags) {
    int fd = open_file(folder, file, flags);
    bool done = put(fd, value);
    close_file(&fd);
    return done;
}

bool cgroup_set(const char *folder, const char *file, const char *value) {
    return set(folder, file, value, 0);
}

static bool read_whole(const char *folder, const char *file, struct text *content) {
    char *path = sandbox_path(folder, file);
    bool read = file_read(path, FILE_LIMIT, content);
    free(path);
    return read && content->length;
}

void cgroup_members(const char *folder, struct process_list *list) {
    struct text content = TEXT_INIT;
    if (read_whole(folder, "cgroup.procs", &content))
        process_list_parse(list, content.bytes);
    text_release(&content);
}

/* ---- the files of a group ---- */

/* The group's folder in a hierarchy; version 2 has one for all. NULL when the hierarchy is not available. */
static const char *folder_of(const struct cgroup *group, enum cgroup_hierarchy hierarchy) {
    return group->folders[group->root->version->hierarchies == 1 ? 0 : hierarchy];
}

static int open_in(const struct cgroup *group, enum cgroup_hierarchy hierarchy, const char *file) {
    const char *folder = folder_of(group, hierarchy);
    return folder ? open_file(folder, file, group->root->is_fake ? O_CREAT : 0) : -1;
}

static bool set_in(const struct cgroup *group, enum cgroup_hierarchy hierarchy, const char *file,
                   const char *value) {
    const char *folder = folder_of(group, hierarchy);
    return folder && set(folder, file, value, group->root->is_fake ? O_CREAT : 0);
}

static void set_number(const struct cgroup *group, const char *file, long number) {
    char value[32];
    snprintf(value, sizeof value, "%ld", number);
    set_in(group, CGROUP_CPU, file, value);
}

/* Reads a number from a file of the memory controller: the one after `name` and a space at the beginning of a
 * line, or, with NULL, the first one. -1 when there is none. */
static long long memory_number(const struct cgroup *group, const char *file, const char *name) {
    const char *folder = folder_of(group, CGROUP_MEMORY);
    struct text content = TEXT_INIT;
    long long number = -1;
    const char *at = folder && read_whole(folder, file, &content) ? content.bytes : NULL;
    size_t length = name ? strlen(name) : 0;
    while (at && name && (strncmp(at, name, length) != 0 || at[length] != ' ')) {
        at = strchr(at, '\n');
        at = at && at[1] ? at + 1 : NULL;
    }
    char *end;
    if (at) {
        long long read = strtoll(at + length, &end, 10);
        number = end != at + length ? read : -1;
    }
    text_release(&content);
    return number;
}

/* ---- making and removing ---- */

bool cgroup_open(struct cgroup *group, const struct cgroup_root *root, unsigned long number) {
    struct text name = TEXT_INIT;
    const struct cgroup_version *version = root->version;
    text_append_format(&name, "%s-%lu", root->name, number);
    *group = (struct cgroup){.root = root, .joins = {-1, -1, -1}, .freeze = -1, .quota = -1};
    for (size_t i = 0; i < version->hierarchies; i++) {
        char *folder = root->folders[i] ? sandbox_path(root->folders[i], name.bytes) : NULL;
        if (folder && mkdir(folder, 0755) == 0) {
            group->folders[i] = folder;
            group->joins[i] = open_in(group, (enum cgroup_hierarchy)i, "cgroup.procs");
        } else {
            free(folder);
        }
    }
    text_release(&name);
    group->quota = open_in(group, CGROUP_CPU, version->quota);
    group->freeze = open_in(group, CGROUP_FREEZER, version->freeze);
    bool timed = !version->period || set_in(group, CGROUP_CPU, version->period, "20000");
    if (group->joins[CGROUP_CPU] >= 0 && group->quota >= 0 && timed)
        return true;
    int error = errno;
    cgroup_close(group);
    errno = error;
    return false;
}

bool cgroup_close(struct cgroup *group) {
    cgroup_kill(group);
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++) {
        if (group->folders[i] && rmdir(group->folders[i]) != 0 && errno == EBUSY)
            return false;
        free(group->folders[i]);
        group->folders[i] = NULL;
    }
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
        close_file(&group->joins[i]);
    close_file(&group->freeze);
    close_file(&group->quota);
    return true;
}

void cgroup_list(const struct cgroup *group, struct process_list *list) {
    if (group->folders[CGROUP_CPU])
        cgroup_members(group->folders[CGROUP_CPU], list);
}

void cgroup_freeze(struct cgroup *group, bool frozen) {
    put(group->freeze, frozen ? group->root->version->frozen : group->root->version->thawed);
}

/* Where there is no file for it: freezes first, so that no process is forked meanwhile. A frozen process dies
 * when it is thawed. */
void cgroup_kill(struct cgroup *group) {
    struct process_list members = PROCESS_LIST_INIT;
    if (!group->folders[CGROUP_CPU] || set_in(group, CGROUP_CPU, "cgroup.kill", "1"))
        return;
    cgroup_freeze(group, true);
    cgroup_list(group, &members);
    process_list_signal(&members, SIGKILL);
    process_list_release(&members);
    cgroup_freeze(group, false);
}

/* ---- processor time ---- */

/* Other work on the machine must not change durations. Within its quota, a function has priority: a whole
 * core gets the largest weight that the kernel accepts. Among functions, weights are in proportion to
 * shares, so that those on one core use up their quotas at the same time, the end of the period. With
 * equal weights, small ones would finish early, and the largest would have lost that time. */
static void set_weight(const struct cgroup *group, double cores) {
    double part = cores > 0 && cores < 1 ? cores : 1;
    set_number(group, group->root->version->weight,
               (long)(part * (double)group->root->version->most_weight + 0.5));
}

/* After a quota is renewed, the kernel takes a tick or two, 4 ms each, before it runs the function again
 * instead of other work on its core. A share near a whole core cannot use its quota up within the period
 * then; it may use the rest in the next periods. */
static void set_burst(const struct cgroup *group, double cores) {
    bool needed = cores < 1 && (1 - cores) * PERIOD_US < BURST_US;
    set_number(group, group->root->version->burst, needed ? BURST_US : 0);
}

bool cgroup_limit(struct cgroup *group, double cores) {
    const struct cgroup_version *version = group->root->version;
    set_burst(group, 0); /* the kernel accepts no quota below the burst */
    double quota = cores * PERIOD_US;
    unsigned long quota_us = quota < MIN_QUOTA_US ? MIN_QUOTA_US : (unsigned long)(quota + 0.5);
    char value[64];
    set_weight(group, cores);
    snprintf(value, sizeof value, "%lu%s", quota_us, version->period ? "" : " 20000");
    bool done = put(group->quota, cores > 0 ? value : version->no_quota);
    set_burst(group, cores);
    return done;
}

/* ---- memory ---- */

bool cgroup_limit_memory(struct cgroup *group, long megabytes) {
    const struct cgroup_version *version = group->root->version;
    char bytes[32];
    snprintf(bytes, sizeof bytes, "%lld", megabytes * 1024LL * 1024LL);
    group->memory_limited = set_in(group, CGROUP_MEMORY, version->memory, bytes);
    set_in(group, CGROUP_MEMORY, version->swap, version->no_swap ? version->no_swap : bytes);
    if (version->kill_whole)
        set_in(group, CGROUP_MEMORY, version->kill_whole, "1");
    return group->memory_limited;
}

bool cgroup_memory_exceeded(const struct cgroup *group) {
    return group->memory_limited && memory_number(group, group->root->version->events, "oom_kill") > 0;
}

static long kib(long long bytes) {
    return bytes > 0 ? (long)(bytes / 1024) : 0;
}

/* The current figures are read after the peak: if they grow meanwhile, the result is too low, not too
 * high. */
long cgroup_memory_spike_kib(struct cgroup *group) {
    const struct cgroup_version *version = group->root->version;
    if (!group->memory_limited)
        return 0;
    long peak = kib(memory_number(group, version->peak, NULL));
    if (peak > group->peak_kib)
        group->looks = LOOKS;
    if (!group->looks)
        return 0;
    group->looks--;
    group->peak_kib = peak;
    long file = kib(memory_number(group, "memory.stat", version->cache));
    long anonymous = kib(memory_number(group, "memory.stat", version->anonymous));
    long kernel = kib(memory_number(group, version->kernel_file, version->kernel));
    if (file > group->file_kib)
        group->file_kib = file;
    long spike = peak - anonymous - group->file_kib - kernel;
    return spike >= MIN_SPIKE_KIB ? spike : 0;
}

/* ---- finding ---- */

char *cgroup_own(const char *process, const char *top, const char *controller) {
    struct text content = TEXT_INIT;
    char *found = NULL, *rest, *line, *list;
    rest = read_whole(process, "cgroup", &content) ? content.bytes : NULL;
    while (!found && (line = strsep(&rest, "\n")) && strsep(&line, ":") && (list = strsep(&line, ":")) &&
           line) {
        bool wanted = !*list && !*controller;
        for (const char *name; *controller && (name = strsep(&list, ","));)
            wanted = wanted || strcmp(name, controller) == 0;
        if (wanted)
            found = strcmp(line, "/") == 0 ? memory_copy_string(top) : sandbox_path(top, line + 1);
    }
    text_release(&content);
    return found;
}

/* True when a process can join the group; being able to make a group does not imply that. */
static bool is_joinable(const struct cgroup *group) {
    pid_t process = fork();
    if (process == 0) {
        for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
            if (group->joins[i] >= 0 && write(group->joins[i], "0", 1) != 1)
                _exit(1);
        _exit(0);
    }
    return process_wait(process) == 0;
}

static void release_folders(struct cgroup_root *root) {
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++) {
        free(root->folders[i]);
        root->folders[i] = NULL;
    }
    root->version = NULL;
}

bool cgroup_try(struct cgroup_root *root, const struct cgroup_version *version) {
    struct cgroup trial;
    root->version = version;
    if (root->folders[CGROUP_CPU] && cgroup_open(&trial, root, 0)) {
        bool limited = is_joinable(&trial) && cgroup_limit(&trial, 0.5);
        root->limits_memory = cgroup_limit_memory(&trial, 128);
        if (cgroup_close(&trial) && limited)
            return true;
    }
    release_folders(root);
    return false;
}

void cgroup_root_find(struct cgroup_root *root, const char *name, const char *top, const char *process) {
    *root = (struct cgroup_root){.name = memory_copy_string(name)};
    if (!cgroup_find_v1(root, top, process))
        cgroup_find_v2(root, top, process);
}

void cgroup_root_release(struct cgroup_root *root) {
    if (root->leaf)
        cgroup_release_v2(root);
    release_folders(root);
    free(root->name);
    *root = (struct cgroup_root){.version = NULL};
}

/* ---- clearing ---- */

static void remove_group(const char *group, const struct cgroup_version *version) {
    struct process_list members = PROCESS_LIST_INIT;
    cgroup_members(group, &members);
    process_list_signal(&members, SIGKILL);
    process_list_release(&members);
    cgroup_set(group, version->freeze, version->thawed);
    for (int tries = 0; tries < REMOVE_TRIES && rmdir(group) != 0 && errno == EBUSY; tries++)
        usleep(REMOVE_PAUSE_US);
}

static void clear_folder(const char *folder, const struct cgroup_version *version, const char *prefix,
                         pid_t owner) {
    DIR *directory = opendir(folder);
    struct dirent *entry;
    size_t length = strlen(prefix);
    while (directory && (entry = readdir(directory))) {
        if (strncmp(entry->d_name, prefix, length) != 0 ||
            !process_is_gone((pid_t)strtol(entry->d_name + length, NULL, 10), owner))
            continue;
        char *group = sandbox_path(folder, entry->d_name);
        remove_group(group, version);
        free(group);
    }
    if (directory)
        closedir(directory);
}

/* The freezer first: a frozen process does not end. */
void cgroup_clear(const struct cgroup_root *root, const char *prefix, pid_t owner) {
    static const enum cgroup_hierarchy order[] = {CGROUP_FREEZER, CGROUP_CPU, CGROUP_MEMORY};
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
        if (root->folders[order[i]])
            clear_folder(root->folders[order[i]], root->version, prefix, owner);
}
