#include "local/cgroup.h"

#include "util/memory.h"
#include "util/span.h"
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

/* Lambda's period, and the least quota that the kernel takes. */
enum { PERIOD_US = 20000, SMALLEST_QUOTA_US = 1000 };

/* ---- files ---- */

static int open_in(const char *folder, const char *file, int flags) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, file);
    int fd = open(path.bytes, flags | O_CLOEXEC);
    text_release(&path);
    return fd;
}

static bool put(int fd, const char *value) {
    return fd >= 0 && pwrite(fd, value, strlen(value), 0) == (ssize_t)strlen(value);
}

static bool put_in(const char *folder, const char *file, const char *value) {
    int fd = open_in(folder, file, O_WRONLY);
    bool done = put(fd, value);
    if (fd >= 0)
        close(fd);
    return done;
}

static char *join_path(const char *folder, const char *name) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, name);
    return path.bytes;
}

static void kill_members(const char *folder) {
    int fd = open_in(folder, "cgroup.procs", O_RDONLY);
    FILE *members = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (!members) {
        if (fd >= 0)
            close(fd);
        return;
    }
    int process;
    while (fscanf(members, "%d", &process) == 1)
        if (process > 0)
            kill(process, SIGKILL);
    fclose(members);
}

/* ---- where ---- */

/* The folders of the hierarchies, as /proc/self/mountinfo has them. */
struct mounts {
    char *cpu, *freezer, *unified;
};

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
    if (strcmp(type, "cgroup") != 0)
        return;
    if (has_option(options, "cpu") && !mounts->cpu)
        mounts->cpu = memory_copy_string(folder);
    if (has_option(options, "freezer") && !mounts->freezer)
        mounts->freezer = memory_copy_string(folder);
}

static void find_mounts(struct mounts *mounts) {
    FILE *file = fopen("/proc/self/mountinfo", "re");
    char line[4096], folder[1024], type[64], options[1024];
    while (file && fgets(line, sizeof line, file)) {
        const char *rest = strstr(line, " - ");
        if (rest && sscanf(line, "%*s %*s %*s %*s %1023s", folder) == 1 &&
            sscanf(rest + 3, "%63s %*s %1023s", type, options) == 2)
            note_mount(mounts, folder, type, options);
    }
    if (file)
        fclose(file);
}

/* This program's own group in the hierarchy with `controller` ("" in version 2), as /proc/self/cgroup has it.
 */
static char *own_group(const char *folder, const char *controller) {
    FILE *file = fopen("/proc/self/cgroup", "re");
    char line[4096];
    char *found = NULL;
    while (file && !found && fgets(line, sizeof line, file)) {
        char *controllers = strchr(line, ':');
        char *path = controllers ? strchr(controllers + 1, ':') : NULL;
        if (!path)
            continue;
        *path++ = '\0';
        path[strcspn(path, "\n")] = '\0';
        controllers++;
        if (controller[0] ? has_option(controllers, controller) : controllers[0] == '\0')
            found = join_path(folder, strcmp(path, "/") == 0 ? "" : path + 1);
    }
    if (file)
        fclose(file);
    return found;
}

static bool usable(const struct cgroup_root *root) {
    struct cgroup trial;
    if (!root->cpu || !cgroup_open(&trial, root, 0))
        return false;
    bool limited = cgroup_limit(&trial, 0.5);
    return cgroup_close(&trial) && limited;
}

/* Takes `folder` when groups with limits can be made in it. */
static bool try_root(struct cgroup_root *root, int version, char *folder) {
    root->version = version;
    root->cpu = folder;
    if (usable(root))
        return true;
    root->version = 0;
    root->cpu = NULL;
    free(folder);
    return false;
}

/* In version 2 a group with processes cannot have children with limits: when this program is alone in its
 * group (a scope of its own, systemd-run --scope), it steps down into a child. The root of the hierarchy is
 * exempt. */
static bool try_unified(struct cgroup_root *root, const char *mount) {
    char *own = own_group(mount, "");
    if (own) {
        char *leaf = join_path(own, "power-tune-self");
        bool stepped = mkdir(leaf, 0755) == 0 && put_in(leaf, "cgroup.procs", "0") &&
                       put_in(own, "cgroup.subtree_control", "+cpu");
        if (!stepped) {
            put_in(own, "cgroup.procs", "0");
            rmdir(leaf);
        }
        free(leaf);
        if (try_root(root, 2, own))
            return true;
    }
    put_in(mount, "cgroup.subtree_control", "+cpu");
    return try_root(root, 2, memory_copy_string(mount));
}

void cgroup_root_find(struct cgroup_root *root, const char *name) {
    struct mounts mounts = {NULL, NULL, NULL};
    *root = (struct cgroup_root){.name = memory_copy_string(name)};
    find_mounts(&mounts);
    if (mounts.cpu && mounts.freezer)
        root->freezer = own_group(mounts.freezer, "freezer");
    char *own = mounts.cpu ? own_group(mounts.cpu, "cpu") : NULL;
    bool found = own && try_root(root, 1, own);
    if (!found && mounts.cpu) {
        free(root->freezer);
        root->freezer = memory_copy_string(mounts.freezer);
        found = try_root(root, 1, memory_copy_string(mounts.cpu));
    }
    if (!found) {
        free(root->freezer);
        root->freezer = NULL;
        if (mounts.unified)
            try_unified(root, mounts.unified);
    }
    free(mounts.cpu);
    free(mounts.freezer);
    free(mounts.unified);
}

void cgroup_root_release(struct cgroup_root *root) {
    free(root->cpu);
    free(root->freezer);
    free(root->name);
    *root = (struct cgroup_root){.version = 0};
}

static void sweep_folder(const char *folder, const char *prefix, const char *freezer) {
    DIR *directory = folder ? opendir(folder) : NULL;
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        size_t length = strlen(prefix);
        if (strncmp(entry->d_name, prefix, length) != 0)
            continue;
        int owner = atoi(entry->d_name + length);
        if (owner <= 0 || kill(owner, 0) == 0 || errno != ESRCH)
            continue;
        char *group = join_path(folder, entry->d_name);
        kill_members(group);
        put_in(group, freezer, freezer[0] == 'f' ? "THAWED" : "0");
        for (int tries = 0; tries < 100 && rmdir(group) != 0 && errno == EBUSY; tries++)
            usleep(2000);
        free(group);
    }
    if (directory)
        closedir(directory);
}

void cgroup_sweep(const struct cgroup_root *root, const char *prefix) {
    if (root->version == 1)
        sweep_folder(root->freezer, prefix, "freezer.state");
    if (root->version)
        sweep_folder(root->cpu, prefix, "cgroup.freeze");
}

/* ---- one group ---- */

static char *make_group(const char *parent, const char *name) {
    if (!parent)
        return NULL;
    char *folder = join_path(parent, name);
    if (mkdir(folder, 0755) == 0)
        return folder;
    free(folder);
    return NULL;
}

bool cgroup_open(struct cgroup *group, const struct cgroup_root *root, unsigned long number) {
    struct text name = TEXT_INIT;
    text_append_format(&name, "%s-%lu", root->name, number);
    *group = (struct cgroup){.root = root, .joins = {-1, -1}, .freeze = -1, .quota = -1};
    group->cpu = make_group(root->cpu, name.bytes);
    group->freezer = root->version == 1 ? make_group(root->freezer, name.bytes) : NULL;
    text_release(&name);
    if (!group->cpu)
        return false;
    group->joins[0] = open_in(group->cpu, "cgroup.procs", O_WRONLY);
    if (group->freezer)
        group->joins[1] = open_in(group->freezer, "cgroup.procs", O_WRONLY);
    group->quota = open_in(group->cpu, root->version == 1 ? "cpu.cfs_quota_us" : "cpu.max", O_WRONLY);
    if (root->version == 2)
        group->freeze = open_in(group->cpu, "cgroup.freeze", O_WRONLY);
    else if (group->freezer)
        group->freeze = open_in(group->freezer, "freezer.state", O_WRONLY);
    bool timed = root->version == 2 || put_in(group->cpu, "cpu.cfs_period_us", "20000");
    if (group->joins[0] >= 0 && group->quota >= 0 && timed)
        return true;
    int error = errno;
    cgroup_close(group);
    errno = error;
    return false;
}

bool cgroup_close(struct cgroup *group) {
    int *files[] = {&group->joins[0], &group->joins[1], &group->freeze, &group->quota};
    cgroup_kill(group);
    char **folders[] = {&group->freezer, &group->cpu};
    for (size_t i = 0; i < 2; i++) {
        if (!*folders[i])
            continue;
        if (rmdir(*folders[i]) != 0 && errno == EBUSY)
            return false;
        free(*folders[i]);
        *folders[i] = NULL;
    }
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (*files[i] >= 0)
            close(*files[i]);
        *files[i] = -1;
    }
    return true;
}

bool cgroup_limit(struct cgroup *group, double cores) {
    double quota = cores * PERIOD_US;
    unsigned long quota_us = quota < SMALLEST_QUOTA_US ? SMALLEST_QUOTA_US : (unsigned long)(quota + 0.5);
    char value[64];
    if (group->root->version == 1)
        snprintf(value, sizeof value, "%ld", cores > 0 ? (long)quota_us : -1L);
    else if (cores > 0)
        snprintf(value, sizeof value, "%lu %d", quota_us, PERIOD_US);
    else
        snprintf(value, sizeof value, "max %d", PERIOD_US);
    return put(group->quota, value);
}

void cgroup_freeze(struct cgroup *group, bool frozen) {
    if (group->root->version == 2)
        put(group->freeze, frozen ? "1" : "0");
    else
        put(group->freeze, frozen ? "FROZEN" : "THAWED");
}

/* Frozen first, so that nothing is born meanwhile; a frozen process dies when it is thawed (version 1). */
void cgroup_kill(struct cgroup *group) {
    if (!group->cpu)
        return;
    cgroup_freeze(group, true);
    kill_members(group->cpu);
    cgroup_freeze(group, false);
}
