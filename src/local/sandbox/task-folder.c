#include "local/sandbox/task-folder.h"

#include "util/folder.h"
#include "util/memory.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *inside(const char *folder, const char *name) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, name);
    return path.bytes;
}

static void name_folders(struct task_folder *task, enum task_folder_mechanism mechanism,
                         enum private_tmp_mechanism tmp_mechanism, const char *code, const char *directory) {
    *task = (struct task_folder){.mechanism = mechanism,
                                 .user_namespace = tmp_mechanism == PRIVATE_TMP_USER,
                                 .code = code,
                                 .folder = inside(directory, "task"),
                                 .layers = inside(directory, "layers")};
}

bool task_folder_open(struct task_folder *task, enum task_folder_mechanism mechanism,
                      enum private_tmp_mechanism tmp_mechanism, const char *code, const char *directory) {
    name_folders(task, mechanism, tmp_mechanism, code, directory);
    return mkdir(task->folder, 0755) == 0 && mkdir(task->layers, 0700) == 0;
}

void task_folder_release(struct task_folder *task) {
    free(task->folder);
    free(task->layers);
    *task = (struct task_folder){.folder = NULL};
}

/* ---- in the new process ---- */

static int make_layer(const char *folder, const char *name) {
    char *path = inside(folder, name);
    int fd = mkdir(path, 0755) == 0 ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    free(path);
    return fd;
}

/* Passes the layers as descriptors, because paths may contain characters with a meaning in mount options. */
static bool mount_overlay(const struct task_folder *task) {
    char options[160];
    int lower = open(task->code, O_PATH | O_DIRECTORY | O_CLOEXEC);
    int upper = make_layer(task->layers, "upper"), work = make_layer(task->layers, "work");
    snprintf(options, sizeof options,
             "lowerdir=/proc/self/fd/%d,upperdir=/proc/self/fd/%d,workdir=/proc/self/fd/%d%s", lower, upper,
             work, task->user_namespace ? ",userxattr" : "");
    bool mounted = lower >= 0 && upper >= 0 && work >= 0 &&
                   mount("overlay", task->folder, "overlay", MS_NOSUID | MS_NODEV, options) == 0;
    const int layers[] = {lower, upper, work};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        if (layers[i] >= 0)
            close(layers[i]);
    return mounted;
}

static bool mount_layers(const struct task_folder *task) {
    return (task->mechanism != TASK_FOLDER_OVERLAY_IN_MEMORY ||
            mount("tmpfs", task->layers, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700,size=512m") == 0) &&
           mount_overlay(task);
}

bool task_folder_fill(const struct task_folder *task) {
    return task->mechanism != TASK_FOLDER_COPY || folder_copy(task->code, task->folder);
}

bool task_folder_mount(const struct task_folder *task) {
    return task->mechanism == TASK_FOLDER_COPY || mount_layers(task) || folder_copy(task->code, task->folder);
}

/* ---- finding the mechanism ---- */

static bool write_file(const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    bool written = fd >= 0 && write(fd, "x", 1) == 1;
    return fd >= 0 && close(fd) == 0 && written;
}

/* Tries everything a function may do with the files of the lower layer. */
static bool is_writable(const char *folder) {
    char *file = inside(folder, "inner/file"), *inner = inside(folder, "inner");
    bool able = write_file(file) && unlink(file) == 0 && rmdir(inner) == 0 && mkdir(inner, 0755) == 0 &&
                write_file(file);
    free(file);
    free(inner);
    return able;
}

static bool works(enum task_folder_mechanism mechanism, enum private_tmp_mechanism tmp_mechanism,
                  const char *trial) {
    struct task_folder task;
    char *code = inside(trial, "code"), *inner = inside(trial, "code/inner");
    char *file = inside(trial, "code/inner/file");
    int status = 1;
    bool made = mkdir(trial, 0700) == 0 && mkdir(code, 0755) == 0 && mkdir(inner, 0755) == 0 &&
                write_file(file) && task_folder_open(&task, mechanism, tmp_mechanism, code, trial);
    pid_t process = made ? fork() : -1;
    if (process == 0)
        _exit(private_tmp_separate(tmp_mechanism) && mount_layers(&task) && is_writable(task.folder) ? 0 : 1);
    while (process > 0 && waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    if (made)
        task_folder_release(&task);
    free(code);
    free(inner);
    free(file);
    folder_remove(trial);
    return status == 0;
}

enum task_folder_mechanism task_folder_find(enum private_tmp_mechanism tmp_mechanism, const char *folder) {
    static const enum task_folder_mechanism order[] = {TASK_FOLDER_OVERLAY, TASK_FOLDER_OVERLAY_IN_MEMORY};
    enum task_folder_mechanism found = TASK_FOLDER_COPY;
    char *trial = inside(folder, "trial");
    for (size_t i = 0; tmp_mechanism != PRIVATE_TMP_NONE && !found && i < sizeof order / sizeof *order; i++)
        if (works(order[i], tmp_mechanism, trial))
            found = order[i];
    free(trial);
    return found;
}
