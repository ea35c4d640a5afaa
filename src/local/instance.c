#include "local/instance.h"

#include "local/sandbox/sandbox.h"
#include "util/folder.h"
#include "util/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct instance {
    struct text folder;
    struct text name;
    int lock; /* held while this program runs: others in another PID namespace cannot see its process */
    unsigned long count;
};

static const char PREFIX[] = "power-tune-";

static const char *temporary_folder(void) {
    const char *folder = getenv("TMPDIR");
    return folder && folder[0] == '/' ? folder : "/tmp";
}

/* Kills the processes that a killed pt-local left: each of its environments has a folder in its folder. */
static void kill_processes_of(const char *folder) {
    struct text mark = TEXT_INIT;
    text_append_format(&mark, PROCESS_MARK "%s/", folder);
    process_kill_marked(mark.bytes);
    text_release(&mark);
}

/* Locks the folder; -1 when it is locked already. Closing the descriptor unlocks it. */
static int lock_folder(const char *path) {
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void clear_folder(const char *path, bool is_ours) {
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISDIR(status.st_mode) || status.st_uid != geteuid())
        return;
    int lock = lock_folder(path);
    if (lock < 0 && !is_ours)
        return;
    kill_processes_of(path);
    folder_remove(path);
    if (lock >= 0)
        close(lock);
}

void instance_clear(pid_t owner) {
    const char *parent = temporary_folder();
    DIR *directory = opendir(parent);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) != 0)
            continue;
        if (!process_is_gone((pid_t)strtol(entry->d_name + sizeof PREFIX - 1, NULL, 10), owner))
            continue;
        struct text path = TEXT_INIT;
        text_append_format(&path, "%s/%s", parent, entry->d_name);
        clear_folder(path.bytes, owner != 0);
        text_release(&path);
    }
    if (directory)
        closedir(directory);
}

struct instance *instance_new(pid_t owner) {
    struct instance *instance = memory_zeroed(1, sizeof *instance);
    const char *parent = temporary_folder();
    instance_clear(0);
    text_append_format(&instance->name, "%s%d", PREFIX, (int)owner);
    text_append_format(&instance->folder, "%s/%s-XXXXXX", parent, instance->name.bytes);
    if (mkdtemp(instance->folder.bytes)) {
        instance->lock = lock_folder(instance->folder.bytes);
        return instance;
    }
    int error = errno;
    text_release(&instance->folder);
    text_release(&instance->name);
    free(instance);
    errno = error;
    return NULL;
}

void instance_free(struct instance *instance) {
    if (!instance)
        return;
    folder_remove(instance->folder.bytes);
    if (instance->lock >= 0)
        close(instance->lock);
    text_release(&instance->folder);
    text_release(&instance->name);
    free(instance);
}

void instance_path(struct instance *instance, const char *kind, struct text *path) {
    text_append_format(path, "%s/%s-%lu", instance->folder.bytes, kind, ++instance->count);
}

const char *instance_folder(const struct instance *instance) {
    return instance->folder.bytes;
}

const char *instance_name(const struct instance *instance) {
    return instance->name.bytes;
}
