/* The folders of an environment: a private /tmp and a working folder with the code. */
#include "local/sandbox/internal.h"

#include "util/folder.h"
#include "util/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char TMP[] = "/tmp";

enum { MAX_OTHERS = 256 };

bool folders_open(struct folders *folders, const struct isolation *isolation, const char *own,
                  const char *directory, const char *code) {
    *folders = (struct folders){.isolation = isolation,
                                .own = own,
                                .code = code,
                                .task = sandbox_path(directory, "task"),
                                .layers = sandbox_path(directory, "layers"),
                                .tmp = sandbox_path(directory, "tmp")};
    return mkdir(folders->task, 0755) == 0 && mkdir(folders->layers, 0700) == 0 &&
           mkdir(folders->tmp, 0700) == 0 && chmod(folders->tmp, 01777) == 0;
}

void folders_release(struct folders *folders) {
    free(folders->task);
    free(folders->layers);
    free(folders->tmp);
    *folders = (struct folders){.isolation = NULL};
}

/* ---- a mount namespace ---- */

static bool put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    if (fd >= 0)
        close(fd);
    return done;
}

/* Enters a user namespace, in which mounting is permitted, with the same user and group. */
static bool enter_user_namespace(void) {
    char users[64], groups[64];
    snprintf(users, sizeof users, "%u %u 1\n", geteuid(), geteuid());
    snprintf(groups, sizeof groups, "%u %u 1\n", getegid(), getegid());
    return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && put("/proc/self/setgroups", "deny") &&
           put("/proc/self/uid_map", users) && put("/proc/self/gid_map", groups);
}

bool folders_separate(enum mounting mounts) {
    if (mounts == MOUNTS_NONE)
        return true;
    if (mounts == MOUNTS_ROOT ? unshare(CLONE_NEWNS) != 0 : !enter_user_namespace())
        return false;
    /* Later mounts must not be visible outside. */
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* ---- the working folder ---- */

static int make_layer(const char *folder, const char *name) {
    char *path = sandbox_path(folder, name);
    int fd = mkdir(path, 0755) == 0 ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    free(path);
    return fd;
}

/* Passes the layers as descriptors, because paths may contain characters with a meaning in mount options. */
static bool mount_overlay(const struct folders *folders) {
    char options[160];
    int lower = open(folders->code, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int upper = make_layer(folders->layers, "upper"), work = make_layer(folders->layers, "work");
    snprintf(options, sizeof options,
             "lowerdir=/proc/self/fd/%d,upperdir=/proc/self/fd/%d,workdir=/proc/self/fd/%d%s", lower, upper,
             work, folders->isolation->mounts == MOUNTS_USER ? ",userxattr" : "");
    bool mounted = lower >= 0 && upper >= 0 && work >= 0 &&
                   mount("overlay", folders->task, "overlay", MS_NOSUID | MS_NODEV, options) == 0;
    const int layers[] = {lower, upper, work};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        if (layers[i] >= 0)
            close(layers[i]);
    return mounted;
}

bool folders_fill(const struct folders *folders) {
    return folders->isolation->overlays || folder_copy(folders->code, folders->task);
}

/* ---- the private /tmp ---- */

static bool is_below(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* Makes the file or folder on which `from` is mounted, with its parents below `folder`. */
static bool make_target(const char *folder, const char *from, char *to) {
    struct stat status;
    if (stat(from, &status) != 0)
        return false;
    for (char *slash = strchr(to + strlen(folder) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(to, 0755);
        *slash = '/';
    }
    if (S_ISDIR(status.st_mode))
        return mkdir(to, 0755) == 0 || errno == EEXIST;
    int fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* In a user namespace, a remount must keep the restricting flags of the mount. */
static bool make_read_only(const char *path) {
    static const struct {
        unsigned long had, wanted;
    } kept[] = {{ST_NOSUID, MS_NOSUID},   {ST_NODEV, MS_NODEV},           {ST_NOEXEC, MS_NOEXEC},
                {ST_NOATIME, MS_NOATIME}, {ST_NODIRATIME, MS_NODIRATIME}, {ST_RELATIME, MS_RELATIME}};
    struct statvfs status;
    if (statvfs(path, &status) != 0)
        return false;
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        flags |= status.f_flag & kept[i].had ? kept[i].wanted : 0;
    return mount(NULL, path, NULL, flags, NULL) == 0;
}

/* Makes `path` visible in the private /tmp, unless it is an entry that is there already. What cannot be made
 * read-only stays hidden. */
static bool show(const struct folders *folders, const char *path, bool read_only) {
    char *to = sandbox_path(folders->tmp, path + sizeof TMP);
    bool shown = true, there = access(to, F_OK) == 0 && !is_below(path, folders->own);
    if (!there && make_target(folders->tmp, path, to)) {
        shown = mount(path, to, NULL, read_only ? MS_BIND : MS_BIND | MS_REC, NULL) == 0;
        if (read_only && shown && !make_read_only(to))
            umount2(to, MNT_DETACH);
    }
    free(to);
    return shown || read_only;
}

/* From this program's own folder only the path itself; otherwise its whole entry of /tmp. */
static bool show_entry(const struct folders *folders, const char *path) {
    size_t top = sizeof TMP; /* after "/tmp/" */
    if (!is_below(path, TMP) || strlen(path) <= top)
        return true;
    char *entry =
        memory_copy(path, is_below(path, folders->own) ? strlen(path) : top + strcspn(path + top, "/"));
    bool shown = show(folders, entry, false);
    free(entry);
    return shown;
}

static void show_others(const struct folders *folders) {
    static const char own[] = "power-tune-";
    DIR *directory = opendir(TMP);
    struct dirent *entry;
    size_t count = 0;
    while (directory && (entry = readdir(directory)) && count < MAX_OTHERS) {
        struct stat status;
        char *path = sandbox_path(TMP, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            strncmp(entry->d_name, own, sizeof own - 1) != 0 && lstat(path, &status) == 0 &&
            S_ISDIR(status.st_mode)) {
            show(folders, path, true);
            count++;
        }
        free(path);
    }
    if (directory)
        closedir(directory);
}

static bool mount_tmp(const struct folders *folders) {
    for (size_t i = 0; i < folders->shown_count; i++)
        if (!show_entry(folders, folders->shown[i]))
            return false;
    show_others(folders);
    return show_entry(folders, folders->task) && mount(folders->tmp, TMP, NULL, MS_BIND | MS_REC, NULL) == 0;
}

bool folders_mount(const struct folders *folders) {
    const struct isolation *isolation = folders->isolation;
    /* The code may be in a file system that cannot be part of an overlay. */
    if (isolation->overlays && !mount_overlay(folders) && !folder_copy(folders->code, folders->task))
        return false;
    return isolation->mounts == MOUNTS_NONE || mount_tmp(folders);
}

/* ---- finding what is permitted ---- */

static bool write_file(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    bool written = fd >= 0 && write(fd, "x", 1) == 1;
    return fd >= 0 && close(fd) == 0 && written;
}

/* Tries everything a function may do with the files of the lower layer. */
static bool is_writable(const char *folder) {
    char *file = sandbox_path(folder, "inner/file"), *inner = sandbox_path(folder, "inner");
    bool able = write_file(file) && unlink(file) == 0 && rmdir(inner) == 0 && mkdir(inner, 0755) == 0 &&
                write_file(file);
    free(file);
    free(inner);
    return able;
}

static bool try_mounts(const struct folders *folders) {
    return folders_separate(folders->isolation->mounts) &&
           mount(folders->tmp, TMP, NULL, MS_BIND | MS_REC, NULL) == 0;
}

static bool try_overlays(const struct folders *folders) {
    return folders_separate(folders->isolation->mounts) && mount_overlay(folders) &&
           is_writable(folders->task);
}

static bool try_pids(const struct folders *folders) {
    pid_t inner = folders_separate(folders->isolation->mounts) && unshare(CLONE_NEWPID) == 0 ? fork() : -1;
    if (inner == 0)
        _exit(process_mount_numbers() ? 0 : 1);
    return process_wait(inner) == 0;
}

/* Runs `attempt` in a child process, because it changes what the process sees. */
static bool works(bool (*attempt)(const struct folders *folders), const struct folders *folders) {
    pid_t process = fork();
    if (process == 0)
        _exit(attempt(folders) ? 0 : 1);
    return process_wait(process) == 0;
}

struct isolation isolation_find(const char *folder) {
    struct isolation found = {MOUNTS_ROOT, false, false};
    struct folders folders = {.isolation = &found};
    char *trial = sandbox_path(folder, "trial"), *code = sandbox_path(trial, "code"),
         *inner = sandbox_path(code, "inner");
    char *file = sandbox_path(inner, "file");
    bool made = mkdir(trial, 0700) == 0 && mkdir(code, 0755) == 0 && mkdir(inner, 0755) == 0 &&
                write_file(file) && folders_open(&folders, &found, trial, trial, code);
    if (made && !works(try_mounts, &folders)) {
        found.mounts = MOUNTS_USER;
        if (!works(try_mounts, &folders))
            made = false;
    }
    if (!made)
        found.mounts = MOUNTS_NONE;
    found.overlays = made && works(try_overlays, &folders);
    found.pids = made && works(try_pids, &folders);
    folders_release(&folders);
    free(file);
    free(inner);
    free(code);
    folder_remove(trial);
    free(trial);
    return found;
}
