#include "local/sandbox/private-tmp.h"

#include "util/memory.h"
#include "util/text.h"

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
#include <sys/wait.h>
#include <unistd.h>

static const char TMP[] = "/tmp";

enum { MAX_BINDS = 256 };

static bool is_below(const char *path, const char *folder) {
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* ---- visible paths ---- */

bool private_tmp_open(struct private_tmp *tmp, enum private_tmp_mechanism mechanism, const char *own,
                      const char *folder) {
    *tmp = (struct private_tmp){.mechanism = mechanism, .own = own, .folder = memory_copy_string(folder)};
    return mechanism == PRIVATE_TMP_NONE || (mkdir(folder, 0700) == 0 && chmod(folder, 01777) == 0);
}

/* Makes the parent folders of `path`, except those within its first `from` bytes. */
static void make_parents(char *path, size_t from) {
    for (char *slash = strchr(path + from + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
}

static bool make_target(const struct private_tmp *tmp, const char *from, char *to) {
    struct stat status;
    if (stat(from, &status) != 0)
        return false;
    make_parents(to, strlen(tmp->folder));
    if (S_ISDIR(status.st_mode))
        return mkdir(to, 0755) == 0 || errno == EEXIST;
    int fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static void add_bind(struct private_tmp *tmp, const char *from, bool read_only) {
    struct text to = TEXT_INIT;
    for (size_t i = 0; i < tmp->count; i++)
        if (strcmp(tmp->binds[i].from, from) == 0)
            return;
    text_append_format(&to, "%s%s", tmp->folder, from + sizeof TMP - 1);
    if (!make_target(tmp, from, to.bytes)) {
        text_release(&to);
        return;
    }
    tmp->binds = memory_reserve(tmp->binds, &tmp->capacity, tmp->count + 1, sizeof *tmp->binds);
    tmp->binds[tmp->count++] =
        (struct private_tmp_bind){.from = memory_copy_string(from), .to = to.bytes, .read_only = read_only};
}

void private_tmp_keep(struct private_tmp *tmp, const char *path) {
    size_t top = sizeof TMP; /* after "/tmp/" */
    if (tmp->mechanism == PRIVATE_TMP_NONE || !is_below(path, TMP) || strlen(path) <= top)
        return;
    char *first = memory_copy(path, is_below(path, tmp->own) ? strlen(path) : top + strcspn(path + top, "/"));
    add_bind(tmp, first, false);
    free(first);
}

void private_tmp_keep_folders(struct private_tmp *tmp) {
    static const char own[] = "power-tune-";
    DIR *directory = tmp->mechanism == PRIVATE_TMP_NONE ? NULL : opendir(TMP);
    struct dirent *entry;
    while (directory && (entry = readdir(directory)) && tmp->count < MAX_BINDS) {
        struct text path = TEXT_INIT;
        struct stat status;
        text_append_format(&path, "%s/%s", TMP, entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            strncmp(entry->d_name, own, sizeof own - 1) != 0 && lstat(path.bytes, &status) == 0 &&
            S_ISDIR(status.st_mode))
            add_bind(tmp, path.bytes, true);
        text_release(&path);
    }
    if (directory)
        closedir(directory);
}

void private_tmp_release(struct private_tmp *tmp) {
    for (size_t i = 0; i < tmp->count; i++) {
        free(tmp->binds[i].from);
        free(tmp->binds[i].to);
    }
    free(tmp->binds);
    free(tmp->folder);
    *tmp = (struct private_tmp){.mechanism = PRIVATE_TMP_NONE};
}

/* ---- in the new process ---- */

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

/* In a user namespace, a remount must keep the restricting flags of the mount. */
static bool make_read_only(const char *path) {
    struct statvfs status;
    if (statvfs(path, &status) != 0)
        return false;
    unsigned long flags = MS_BIND | MS_REMOUNT | MS_RDONLY;
    flags |= status.f_flag & ST_NOSUID ? MS_NOSUID : 0;
    flags |= status.f_flag & ST_NODEV ? MS_NODEV : 0;
    flags |= status.f_flag & ST_NOEXEC ? MS_NOEXEC : 0;
    flags |= status.f_flag & ST_NOATIME ? MS_NOATIME : 0;
    flags |= status.f_flag & ST_NODIRATIME ? MS_NODIRATIME : 0;
    flags |= status.f_flag & ST_RELATIME ? MS_RELATIME : 0;
    return mount(NULL, path, NULL, flags, NULL) == 0;
}

/* Skips a folder that was removed meanwhile or that cannot be made read-only. */
static bool mount_bind(const struct private_tmp_bind *bind) {
    if (!bind->read_only)
        return mount(bind->from, bind->to, NULL, MS_BIND | MS_REC, NULL) == 0;
    if (mount(bind->from, bind->to, NULL, MS_BIND, NULL) == 0 && !make_read_only(bind->to))
        umount2(bind->to, MNT_DETACH);
    return true;
}

bool private_tmp_separate(enum private_tmp_mechanism mechanism) {
    if (mechanism == PRIVATE_TMP_NONE)
        return true;
    if (mechanism == PRIVATE_TMP_ROOT ? unshare(CLONE_NEWNS) != 0 : !enter_user_namespace())
        return false;
    /* Later mounts must not be visible outside. */
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

bool private_tmp_enter(const struct private_tmp *tmp) {
    if (tmp->mechanism == PRIVATE_TMP_NONE)
        return true;
    for (size_t i = 0; i < tmp->count; i++)
        if (!mount_bind(&tmp->binds[i]))
            return false;
    return mount(tmp->folder, TMP, NULL, MS_BIND | MS_REC, NULL) == 0;
}

static bool works(enum private_tmp_mechanism mechanism, const char *folder) {
    const struct private_tmp trial = {.mechanism = mechanism, .folder = memory_copy_string(folder)};
    int status = 1;
    pid_t process = fork();
    if (process == 0)
        _exit(private_tmp_separate(mechanism) && private_tmp_enter(&trial) ? 0 : 1);
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    free(trial.folder);
    return process > 0 && status == 0;
}

enum private_tmp_mechanism private_tmp_find(const char *folder) {
    static const enum private_tmp_mechanism order[] = {PRIVATE_TMP_ROOT, PRIVATE_TMP_USER};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (works(order[i], folder))
            return order[i];
    return PRIVATE_TMP_NONE;
}

const char *private_tmp_name(enum private_tmp_mechanism mechanism) {
    return mechanism == PRIVATE_TMP_NONE ? "a shared /tmp with a private TMPDIR" : "a private /tmp";
}
