/* The working directory of each environment: a folder of its own that holds the version's code.
 *
 * What a function writes there no other environment sees, the version's code stays as it is, and it goes with
 * the environment. Where mount namespaces and overlays are permitted it is an overlay upon the code, which
 * costs nothing before something is written; elsewhere it is a copy. */
#ifndef LOCAL_SANDBOX_TASK_FOLDER_H
#define LOCAL_SANDBOX_TASK_FOLDER_H

#include "local/sandbox/private-tmp.h"

#include <stdbool.h>

enum task_folder_mechanism {
    TASK_FOLDER_COPY,
    TASK_FOLDER_OVERLAY,          /* what is written lies beside the folder */
    TASK_FOLDER_OVERLAY_IN_MEMORY /* the file system there takes no overlay: what is written is in memory */
};

struct task_folder {
    enum task_folder_mechanism mechanism;
    bool user_namespace; /* the overlay is mounted within one */
    const char *code;    /* the folder with the version's code */
    char *folder;        /* the working directory */
    char *layers;        /* for the overlay's own use */
};

/* What works here, found by trying it in `folder` in a process of its own. Leaves nothing there. */
enum task_folder_mechanism task_folder_find(enum private_tmp_mechanism tmp_mechanism, const char *folder);

/* Makes the empty working directory below `directory`, the environment's own folder. `code` must live as long
 * as `task`. False with errno. */
bool task_folder_open(struct task_folder *task, enum task_folder_mechanism mechanism,
                      enum private_tmp_mechanism tmp_mechanism, const char *code, const char *directory);

/* ---- in the environment's new process ---- */

/* Copies the code, if it is to be a copy: before anything is counted as the environment's. */
bool task_folder_fill(const struct task_folder *task);

/* Mounts the overlay, if it is to be one, in the mount namespace of this process; where that fails all the
 * same, copies. */
bool task_folder_mount(const struct task_folder *task);

/* ---- */

void task_folder_release(struct task_folder *task);

#endif
