/* Control groups, version 2: one hierarchy, in which a group whose children have limits cannot contain
 * processes. */
#include "local/sandbox/internal.h"

#include "util/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const struct cgroup_version cgroup_version_2 = {.name = "cgroup v2",
                                                .hierarchies = 1,
                                                .quota = "cpu.max",
                                                .no_quota = "max 20000",
                                                .weight = "cpu.weight",
                                                .most_weight = 10000,
                                                .burst = "cpu.max.burst",
                                                .freeze = "cgroup.freeze",
                                                .frozen = "1",
                                                .thawed = "0",
                                                .memory = "memory.max",
                                                .swap = "memory.swap.max",
                                                .no_swap = "0",
                                                .kill_whole = "memory.oom.group",
                                                .events = "memory.events",
                                                .peak = "memory.peak",
                                                .cache = "file",
                                                .anonymous = "anon",
                                                .kernel_file = "memory.stat",
                                                .kernel = "kernel"};

/* The name of the child group that this program moves itself into. */
static const char LEAF[] = "power-tune-self";

static bool enable_controllers(const char *folder) {
    cgroup_set(folder, "cgroup.subtree_control", "+memory");
    return cgroup_set(folder, "cgroup.subtree_control", "+cpu");
}

static bool is_ours(pid_t process, pid_t owner) {
    return process == owner || process == getpid() || process == getppid() || process == getpgrp() ||
           getsid(process) == getsid(0);
}

static void move_all(const char *from, const char *to) {
    struct process_list members = PROCESS_LIST_INIT;
    char number[16];
    cgroup_members(from, &members);
    for (size_t i = 0; i < members.count; i++) {
        snprintf(number, sizeof number, "%d", (int)members.processes[i]);
        cgroup_set(to, "cgroup.procs", number);
    }
    process_list_release(&members);
}

/* When this program is alone in its group, as in a scope of its own, it moves itself into a child group. */
static bool step_down(struct cgroup_root *root, const char *own, pid_t owner) {
    struct process_list members = PROCESS_LIST_INIT;
    bool alone = true;
    cgroup_members(own, &members);
    for (size_t i = 0; i < members.count; i++)
        alone = alone && is_ours(members.processes[i], owner);
    process_list_release(&members);
    root->leaf = sandbox_path(own, LEAF);
    if (alone && (mkdir(root->leaf, 0755) == 0 || errno == EEXIST)) {
        move_all(own, root->leaf);
        if (enable_controllers(own))
            return true;
        move_all(root->leaf, own);
        rmdir(root->leaf);
    }
    return false;
}

static bool has_file(const char *folder, const char *file) {
    char *path = sandbox_path(folder, file);
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

bool cgroup_is_v2(const char *top) {
    return has_file(top, "cgroup.controllers");
}

/* Tries this program's own group. Another process of this program may have moved into the child group
 * already. The root's name ends in the number of the process that the user started, the owner. */
static bool try_own(struct cgroup_root *root, char *own) {
    char *last = strrchr(own, '/');
    const char *owner = strrchr(root->name, '-');
    bool ready;
    if (last && strcmp(last + 1, LEAF) == 0) {
        root->leaf = memory_copy_string(own);
        *last = '\0';
        ready = true;
    } else {
        /* Only the real top of the hierarchy, not the top of a namespace, can contain both. */
        ready = has_file(own, "cgroup.type")
                    ? step_down(root, own, owner ? (pid_t)strtol(owner + 1, NULL, 10) : 0)
                    : enable_controllers(own);
    }
    root->folders[CGROUP_CPU] = ready ? memory_copy_string(own) : NULL;
    return ready && cgroup_try(root, &cgroup_version_2);
}

/* Tries this program's own group, then, as root, the top group. */
bool cgroup_find_v2(struct cgroup_root *root, const char *top, const char *process) {
    if (!cgroup_is_v2(top))
        return false;
    char *own = cgroup_own(process, top, "");
    bool found = own && try_own(root, own);
    free(own);
    if (found)
        return true;
    free(root->leaf);
    root->leaf = NULL;
    enable_controllers(top);
    root->folders[CGROUP_CPU] = memory_copy_string(top);
    return cgroup_try(root, &cgroup_version_2);
}

void cgroup_release_v2(struct cgroup_root *root) {
    cgroup_set(root->folders[CGROUP_CPU], "cgroup.subtree_control", "-cpu -memory");
    move_all(root->leaf, root->folders[CGROUP_CPU]);
    rmdir(root->leaf);
    free(root->leaf);
    root->leaf = NULL;
}
