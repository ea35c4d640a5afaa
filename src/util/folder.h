/* Walks, copies and removes whole folders. Never follows symbolic links. */
#ifndef UTIL_FOLDER_H
#define UTIL_FOLDER_H

#include <stdbool.h>
#include <sys/stat.h>

struct folder_entry {
    const char *path;
    const char *name; /* within the folder, with a slash before it */
    const struct stat *status;
};

/* Calls `visit` for each entry below `folder`, in the order of names, and for a folder before its entries.
 * Stops and returns false when `visit` returns false, or, with errno, when an entry cannot be read; ELOOP
 * when folders are nested more than 64 deep. */
bool folder_walk(const char *folder, bool (*visit)(const struct folder_entry *entry, void *context),
                 void *context);

/* Copies the files, folders and symbolic links in `from` into the empty folder `to`, with their modes and
 * the times of files. The copies share blocks where the file system can do that. Skips other kinds of
 * files. A file that grows meanwhile is copied up to its former size. False with errno; the files copied
 * so far remain. */
bool folder_copy(const char *from, const char *to);

/* Removes a folder and everything in it. Skips what cannot be removed. */
void folder_remove(const char *path);

#endif
