/* Finds the hierarchies in which control groups can be made, and removes groups left by killed instances. */
#include "local/sandbox/cgroup.h"

#include "local/sandbox/cgroup-files.h"
#include "local/sandbox/process.h"
#include "util/memory.h"
#include "util/text.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REMOVE_TRIES = 200, REMOVE_PAUSE_US = 2000 };

/* The name of the child group that this program moves itself into. */
static const char LEAF[] = "power-tune-self";

/* ---- hierarchies ---- */

/* The folders of the hierarchies, from mountinfo. */
struct mounts {
    char *first[CGROUP_HIERARCHIES];
    char *unified;
};

static const char *const controllers[CGROUP_HIERARCHIES] = {"cpu", "freezer", "memory"};

static bool has_option(const char *options, const char *option) {
    size_t length = strlen(option);
    for (const char *at = strstr(options, option); at; at = strstr(at + 1, option))
        if ((at == options || at[-1] == ',') &&
            (at[length] == ',' || at[length] == '\0' || at[length] == '\n'))
            return true;
    return false;
}

static void note_mount(struct mounts *mounts, const char *folder, const char *type, const char *options) {
    if (strcmp(type, "cgroup2") == 0 && !mounts->unified)
        mounts->unified = memory_copy_string(folder);
    for (size_t i = 0; i < CGROUP_HIERARCHIES && strcmp(type, "cgroup") == 0; i++)
        if (has_option(options, controllers[i]) && !mounts->first[i])
            mounts->first[i] = memory_copy_string(folder);
}

static FILE *open_text(const char *folder, const char *name) {
    char *path = cgroup_path(folder, name);
    FILE *file = fopen(path, "re");
    free(path);
    return file;
}

static void find_mounts(struct mounts *mounts, const char *process) {
    FILE *file = open_text(process, "mountinfo");
    char line[4096], folder[1024], type[64], options[1024];
    *mounts = (struct mounts){.unified = NULL};
    while (file && fgets(line, sizeof line, file)) {
        const char *rest = strstr(line, " - ");
        if (rest && sscanf(line, "%*s %*s %*s %*s %1023s", folder) == 1 &&
            sscanf(rest + 3, "%63s %*s %1023s", type, options) == 2)
            note_mount(mounts, folder, type, options);
    }
    if (file)
        fclose(file);
}

static void release_mounts(struct mounts *mounts) {
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
        free(mounts->first[i]);
    free(mounts->unified);
}

/* This program's own group in the hierarchy with `controller` ("" in version 2). */
static char *own_group(const char *process, const char *folder, const char *controller) {
    FILE *file = open_text(process, "cgroup");
    char line[4096];
    char *found = NULL;
    while (file && !found && fgets(line, sizeof line, file)) {
        char *listed = strchr(line, ':');
        char *path = listed ? strchr(listed + 1, ':') : NULL;
        if (!path)
            continue;
        *path++ = '\0';
        path[strcspn(path, "\n")] = '\0';
        listed++;
        if (controller[0] ? has_option(listed, controller) : listed[0] == '\0')
            found = strcmp(path, "/") == 0 ? memory_copy_string(folder) : cgroup_path(folder, path + 1);
    }
    if (file)
        fclose(file);
    return found;
}

/* ---- trying ---- */

static void release_folders(struct cgroup_root *root) {
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++) {
        free(root->folders[i]);
        root->folders[i] = NULL;
    }
    root->version = 0;
}

/* True when a process can join the group; being able to make a group does not imply that. */
static bool is_joinable(const struct cgroup *group) {
    int status = 1;
    pid_t process = fork();
    if (process == 0) {
        for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
            if (group->joins[i] >= 0 && write(group->joins[i], "0", 1) != 1)
                _exit(1);
        _exit(0);
    }
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return process > 0 && status == 0;
}

static bool usable(struct cgroup_root *root) {
    struct cgroup trial;
    if (!root->folders[CGROUP_CPU] || !cgroup_open(&trial, root, 0))
        return false;
    bool limited = is_joinable(&trial) && cgroup_limit(&trial, 0.5);
    root->limits_memory = cgroup_limit_memory(&trial, 128);
    return cgroup_close(&trial) && limited;
}

/* Version 1: tries this program's own groups, then the top groups of the hierarchies. */
static bool try_version_1(struct cgroup_root *root, const struct mounts *mounts, const char *process) {
    for (int at_top = 0; at_top < 2; at_top++) {
        root->version = 1;
        for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
            if (mounts->first[i])
                root->folders[i] = at_top ? memory_copy_string(mounts->first[i])
                                          : own_group(process, mounts->first[i], controllers[i]);
        if (usable(root))
            return true;
        release_folders(root);
    }
    return false;
}

static bool enable_controllers(const char *folder) {
    cgroup_file_set(folder, "cgroup.subtree_control", "+memory");
    return cgroup_file_set(folder, "cgroup.subtree_control", "+cpu");
}

static bool is_ours(pid_t process, pid_t session) {
    return process == getpid() || process == getppid() || process == getpgrp() || getsid(process) == session;
}

static void move_all(const char *from, const char *to) {
    struct process_list members = PROCESS_LIST_INIT;
    char number[16];
    cgroup_folder_list(from, &members);
    for (size_t i = 0; i < members.count; i++) {
        snprintf(number, sizeof number, "%d", (int)members.processes[i]);
        cgroup_file_set(to, "cgroup.procs", number);
    }
    process_list_release(&members);
}

/* In version 2, a group whose children have limits cannot contain processes. When this program is alone in
 * its group, as in a scope of its own, it moves itself into a child group. */
static bool step_down(struct cgroup_root *root, const char *own, pid_t owner) {
    struct process_list members = PROCESS_LIST_INIT;
    bool alone = true;
    cgroup_folder_list(own, &members);
    for (size_t i = 0; i < members.count; i++)
        alone = alone && (members.processes[i] == owner || is_ours(members.processes[i], getsid(0)));
    process_list_release(&members);
    root->leaf = cgroup_path(own, LEAF);
    if (alone && (mkdir(root->leaf, 0755) == 0 || errno == EEXIST)) {
        move_all(own, root->leaf);
        if (enable_controllers(own))
            return true;
        move_all(root->leaf, own);
        rmdir(root->leaf);
    }
    free(root->leaf);
    root->leaf = NULL;
    return false;
}

/* True for the real top of the hierarchy, not just the top of a namespace: it can contain both. */
static bool is_top(const char *folder) {
    char *path = cgroup_path(folder, "cgroup.type");
    bool top = access(path, F_OK) != 0;
    free(path);
    return top;
}

/* True for the child group, which another process of this program has moved into already. */
static bool is_leaf(const char *own) {
    const char *name = strrchr(own, '/');
    return name && strcmp(name + 1, LEAF) == 0;
}

static bool use_version_2(struct cgroup_root *root, char *folder) {
    root->version = 2;
    root->folders[CGROUP_CPU] = folder;
    if (usable(root))
        return true;
    release_folders(root);
    return false;
}

/* Version 2: tries this program's own group, then, as root, the top group. The root's name ends in the
 * number of the process that the user started, the owner. */
static bool try_version_2(struct cgroup_root *root, const char *mount, const char *process) {
    char *own = own_group(process, mount, "");
    const char *owner = strrchr(root->name, '-');
    if (own && is_leaf(own)) {
        root->leaf = memory_copy_string(own);
        *strrchr(own, '/') = '\0';
    }
    if (own &&
        (root->leaf || (is_top(own) ? enable_controllers(own)
                                    : step_down(root, own, owner ? (int)strtol(owner + 1, NULL, 10) : 0))) &&
        use_version_2(root, memory_copy_string(own))) {
        free(own);
        return true;
    }
    free(own);
    free(root->leaf);
    root->leaf = NULL;
    enable_controllers(mount);
    return use_version_2(root, memory_copy_string(mount));
}

void cgroup_root_find(struct cgroup_root *root, const char *name, const char *process) {
    struct mounts mounts;
    *root = (struct cgroup_root){.name = memory_copy_string(name)};
    find_mounts(&mounts, process);
    bool found = mounts.first[CGROUP_CPU] && try_version_1(root, &mounts, process);
    if (!found && mounts.unified)
        try_version_2(root, mounts.unified, process);
    release_mounts(&mounts);
}

bool cgroup_wants_scope(void) {
    struct mounts mounts;
    struct cgroup_root root;
    find_mounts(&mounts, "/proc/self");
    bool wants = mounts.unified != NULL && !mounts.first[CGROUP_CPU];
    release_mounts(&mounts);
    if (!wants)
        return false;
    cgroup_root_find(&root, "power-tune-0", "/proc/self");
    wants = root.version == 0;
    cgroup_root_release(&root);
    return wants;
}

void cgroup_root_release(struct cgroup_root *root) {
    if (root->leaf && root->folders[CGROUP_CPU]) {
        cgroup_file_set(root->folders[CGROUP_CPU], "cgroup.subtree_control", "-cpu -memory");
        move_all(root->leaf, root->folders[CGROUP_CPU]);
        rmdir(root->leaf);
    }
    release_folders(root);
    free(root->leaf);
    free(root->name);
    *root = (struct cgroup_root){.version = 0};
}

/* ---- clearing ---- */

static void remove_group(const char *group, int version) {
    struct process_list members = PROCESS_LIST_INIT;
    cgroup_folder_list(group, &members);
    process_list_signal(&members, SIGKILL);
    process_list_release(&members);
    cgroup_file_set(group, version == 1 ? "freezer.state" : "cgroup.freeze", version == 1 ? "THAWED" : "0");
    for (int tries = 0; tries < REMOVE_TRIES && rmdir(group) != 0 && errno == EBUSY; tries++)
        usleep(REMOVE_PAUSE_US);
}

static void clear_folder(const char *folder, int version, const char *prefix, pid_t owner) {
    DIR *directory = opendir(folder);
    struct dirent *entry;
    size_t length = strlen(prefix);
    while (directory && (entry = readdir(directory))) {
        if (strncmp(entry->d_name, prefix, length) != 0 ||
            !process_is_gone((pid_t)strtol(entry->d_name + length, NULL, 10), owner))
            continue;
        char *group = cgroup_path(folder, entry->d_name);
        remove_group(group, version);
        free(group);
    }
    if (directory)
        closedir(directory);
}

void cgroup_clear(const struct cgroup_root *root, const char *prefix, pid_t owner) {
    static const enum cgroup_hierarchy order[] = {CGROUP_FREEZER, CGROUP_CPU, CGROUP_MEMORY};
    for (size_t i = 0; i < CGROUP_HIERARCHIES; i++)
        if (root->folders[order[i]])
            clear_folder(root->folders[order[i]], root->version, prefix, owner);
}
