/* The working directory of an environment: a folder of its own with the version's code.
 *
 * A function can write there; other environments do not see it, the version's code does not change, and
 * the folder is removed with the environment. Where mount namespaces and overlays are permitted, it is an
 * overlay on the code, which costs nothing until something is written. Elsewhere it is a copy. */
#ifndef LOCAL_SANDBOX_TASK_FOLDER_H
#define LOCAL_SANDBOX_TASK_FOLDER_H

#include "local/sandbox/private-tmp.h"

#include <stdbool.h>

enum task_folder_mechanism {
    TASK_FOLDER_COPY,
    TASK_FOLDER_OVERLAY,          /* an overlay; writes go to a folder beside it */
    TASK_FOLDER_OVERLAY_IN_MEMORY /* the same, but they go to a tmpfs */
};

struct task_folder {
    enum task_folder_mechanism mechanism;
    bool user_namespace; /* the overlay is mounted in a user namespace */
    const char *code;    /* the folder with the version's code */
    char *folder;        /* the working directory */
    char *layers;        /* for the layers of the overlay */
};

/* Finds the best mechanism here, by trying it below `folder` in a child process. Leaves no files there. */
enum task_folder_mechanism task_folder_find(enum private_tmp_mechanism tmp_mechanism, const char *folder);

/* Makes an empty working directory below `directory`, the environment's own folder. `code` must live as
 * long as `task`. False with errno. */
bool task_folder_open(struct task_folder *task, enum task_folder_mechanism mechanism,
                      enum private_tmp_mechanism tmp_mechanism, const char *code, const char *directory);

/* ---- in the environment's new process ---- */

/* Copies the code, if that is the mechanism; before resources are counted as the environment's. False with
 * errno. */
bool task_folder_fill(const struct task_folder *task);

/* Mounts the overlay, if that is the mechanism, in the mount namespace of this process; copies the code if
 * that fails. False with errno. */
bool task_folder_mount(const struct task_folder *task);

/* ---- */

void task_folder_release(struct task_folder *task);

#endif
