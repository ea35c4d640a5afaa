/* Reads and writes the files of control groups. Only cgroup.c and cgroup-root.c use it. */
#ifndef LOCAL_SANDBOX_CGROUP_FILES_H
#define LOCAL_SANDBOX_CGROUP_FILES_H

#include "util/process-list.h"

#include <stdbool.h>

/* Returns "FOLDER/NAME", which the caller frees. */
char *cgroup_path(const char *folder, const char *name);

/* Opens a file of a group with the flags of open(2). Returns a descriptor, or -1 with errno. */
int cgroup_file_open(const char *folder, const char *file, int flags);

/* Writes `value` to an open file; opens a file and writes `value` to it. False with errno. */
bool cgroup_file_put(int fd, const char *value);
bool cgroup_file_set(const char *folder, const char *file, const char *value);

/* Reads a number from a file: the one after `name` and a space at the beginning of a line, or, with NULL,
 * the first one. -1 when there is none. */
long long cgroup_file_number(const char *folder, const char *file, const char *name);

/* Appends the processes of a group to `list`. */
void cgroup_folder_list(const char *folder, struct process_list *list);

#endif
