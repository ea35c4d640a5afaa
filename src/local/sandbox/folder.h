/* Whole folders: walking through one, copying one, removing one. Symbolic links are never followed. */
#ifndef LOCAL_SANDBOX_FOLDER_H
#define LOCAL_SANDBOX_FOLDER_H

#include <stdbool.h>
#include <sys/stat.h>

struct folder_entry {
    const char *path;
    const char *name; /* within the folder, with a slash before it */
    const struct stat *status;
};

/* Calls `visit` for all that is in `folder` in the order of names, each folder before what is in it. False
 * with errno when `visit` says so or something cannot be read; ELOOP when it is more than 64 folders deep. */
bool folder_walk(const char *folder, bool (*visit)(const struct folder_entry *entry, void *context),
                 void *context);

/* Copies the files, folders and symbolic links in `from` into the empty folder `to`, with their modes and
 * files' times of change; the file system shares the blocks where it can. What is neither is left out. Of a
 * file that grows meanwhile as much as it had. False with errno; what has been copied stays. */
bool folder_copy(const char *from, const char *to);

/* Removes a folder and all that is in it; what cannot be removed stays. */
void folder_remove(const char *path);

#endif
