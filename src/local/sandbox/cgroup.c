#include "local/sandbox/cgroup.h"

#include "local/sandbox/cgroup-files.h"
#include "util/text.h"

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

static int open_file(const struct cgroup *group, enum cgroup_hierarchy hierarchy, const char *file) {
    const char *folder = group->folders[hierarchy];
    return folder ? cgroup_file_open(folder, file, O_WRONLY | (group->root->is_fake ? O_CREAT : 0)) : -1;
}

static bool set(const struct cgroup *group, enum cgroup_hierarchy hierarchy, const char *file,
                const char *value) {
    int fd = open_file(group, hierarchy, file);
    bool done = cgroup_file_put(fd, value);
    if (fd >= 0)
        close(fd);
    return done;
}

/* ---- making and removing ---- */

static void make_folders(struct cgroup *group, const char *name) {
    size_t count = group->root->version == 1 ? CGROUP_HIERARCHIES : 1;
    for (size_t i = 0; i < count; i++) {
        if (!group->root->folders[i])
            continue;
        group->folders[i] = cgroup_path(group->root->folders[i], name);
        if (mkdir(group->folders[i], 0755) == 0)
            continue;
        free(group->folders[i]);
        group->folders[i] = NULL;
    }
}

bool cgroup_open(struct cgroup *group, const struct cgroup_root *root, unsigned long number) {
    struct text name = TEXT_INIT;
    text_append_format(&name, "%s-%lu", root->name, number);
    *group = (struct cgroup){.root = root, .joins = {-1, -1, -1}, .freeze = -1, .quota = -1};
    make_folders(group, name.bytes);
    text_release(&name);
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
        group->joins[i] = open_file(group, (enum cgroup_hierarchy)i, "cgroup.procs");
    bool second = root->version == 2;
    group->quota = open_file(group, CGROUP_CPU, second ? "cpu.max" : "cpu.cfs_quota_us");
    group->freeze = second ? open_file(group, CGROUP_CPU, "cgroup.freeze")
                           : open_file(group, CGROUP_FREEZER, "freezer.state");
    bool timed = second || set(group, CGROUP_CPU, "cpu.cfs_period_us", "20000");
    if (group->joins[CGROUP_CPU] >= 0 && group->quota >= 0 && timed)
        return true;
    int error = errno;
    cgroup_close(group);
    errno = error;
    return false;
}

static void close_file(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

bool cgroup_close(struct cgroup *group) {
    cgroup_kill(group);
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++) {
        if (!group->folders[i])
            continue;
        if (rmdir(group->folders[i]) != 0 && errno == EBUSY)
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
        cgroup_folder_list(group->folders[CGROUP_CPU], list);
}

/* Freezes first, so that no process is forked meanwhile. A frozen process dies when it is thawed (version
 * 1). */
void cgroup_kill(struct cgroup *group) {
    struct process_list members = PROCESS_LIST_INIT;
    if (!group->folders[CGROUP_CPU])
        return;
    if (group->root->version == 2 && set(group, CGROUP_CPU, "cgroup.kill", "1"))
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
    bool second = group->root->version == 2;
    double part = cores > 0 && cores < 1 ? cores : 1;
    char value[32];
    snprintf(value, sizeof value, "%.0f", part * (second ? 10000 : 262144));
    set(group, CGROUP_CPU, second ? "cpu.weight" : "cpu.shares", value);
}

/* After a quota is renewed, the kernel takes a tick or two, 4 ms each, before it runs the function again
 * instead of other work on its core. A share near a whole core cannot use its quota up within the period
 * then; it may use the rest in the next periods. */
static void set_burst(const struct cgroup *group, double cores) {
    bool needed = cores < 1 && (1 - cores) * PERIOD_US < BURST_US;
    char value[32];
    snprintf(value, sizeof value, "%d", needed ? BURST_US : 0);
    set(group, CGROUP_CPU, group->root->version == 2 ? "cpu.max.burst" : "cpu.cfs_burst_us", value);
}

bool cgroup_limit(struct cgroup *group, double cores) {
    set_burst(group, 0); /* the kernel accepts no quota below the burst */
    double quota = cores * PERIOD_US;
    unsigned long quota_us = quota < MIN_QUOTA_US ? MIN_QUOTA_US : (unsigned long)(quota + 0.5);
    char value[64];
    set_weight(group, cores);
    if (group->root->version == 1)
        snprintf(value, sizeof value, "%ld", cores > 0 ? (long)quota_us : -1L);
    else if (cores > 0)
        snprintf(value, sizeof value, "%lu %d", quota_us, PERIOD_US);
    else
        snprintf(value, sizeof value, "max %d", PERIOD_US);
    bool done = cgroup_file_put(group->quota, value);
    set_burst(group, cores);
    return done;
}

void cgroup_freeze(struct cgroup *group, bool frozen) {
    if (group->root->version == 2)
        cgroup_file_put(group->freeze, frozen ? "1" : "0");
    else
        cgroup_file_put(group->freeze, frozen ? "FROZEN" : "THAWED");
}

/* ---- memory ---- */

/* In version 2, all files are in one folder. */
static const char *memory_folder(const struct cgroup *group) {
    return group->folders[group->root->version == 2 ? CGROUP_CPU : CGROUP_MEMORY];
}

bool cgroup_limit_memory(struct cgroup *group, long megabytes) {
    char bytes[32];
    bool second = group->root->version == 2;
    enum cgroup_hierarchy where = second ? CGROUP_CPU : CGROUP_MEMORY;
    snprintf(bytes, sizeof bytes, "%lld", megabytes * 1024LL * 1024LL);
    if (second) {
        group->memory_limited = set(group, where, "memory.max", bytes);
        set(group, where, "memory.swap.max", "0");
        set(group, where, "memory.oom.group", "1");
    } else {
        group->memory_limited = set(group, where, "memory.limit_in_bytes", bytes);
        set(group, where, "memory.memsw.limit_in_bytes", bytes);
    }
    return group->memory_limited;
}

bool cgroup_memory_exceeded(const struct cgroup *group) {
    const char *file = group->root->version == 2 ? "memory.events" : "memory.oom_control";
    return group->memory_limited && cgroup_file_number(memory_folder(group), file, "oom_kill") > 0;
}

static long kib(long long bytes) {
    return bytes > 0 ? (long)(bytes / 1024) : 0;
}

/* The current figures are read after the peak: if they grow meanwhile, the result is too low, not too
 * high. */
long cgroup_memory_spike_kib(struct cgroup *group) {
    const char *folder = group->memory_limited ? memory_folder(group) : NULL;
    bool second = group->root->version == 2;
    if (!folder)
        return 0;
    long peak = kib(cgroup_file_number(folder, second ? "memory.peak" : "memory.max_usage_in_bytes", NULL));
    if (peak > group->peak_kib)
        group->looks = LOOKS;
    if (!group->looks)
        return 0;
    group->looks--;
    group->peak_kib = peak;
    long file = kib(cgroup_file_number(folder, "memory.stat", second ? "file" : "cache"));
    long anonymous = kib(cgroup_file_number(folder, "memory.stat", second ? "anon" : "rss"));
    long kernel = second ? kib(cgroup_file_number(folder, "memory.stat", "kernel"))
                         : kib(cgroup_file_number(folder, "memory.kmem.usage_in_bytes", NULL));
    if (file > group->file_kib)
        group->file_kib = file;
    long spike = peak - anonymous - group->file_kib - kernel;
    return spike >= MIN_SPIKE_KIB ? spike : 0;
}
