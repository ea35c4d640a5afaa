/* The files of control groups; for cgroup.c and cgroup-root.c alone. */
#ifndef LOCAL_SANDBOX_CGROUP_FILES_H
#define LOCAL_SANDBOX_CGROUP_FILES_H

#include "util/process-list.h"

#include <stdbool.h>

/* "FOLDER/NAME", owned by the caller. */
char *cgroup_path(const char *folder, const char *name);

/* A descriptor, or -1 with errno. */
int cgroup_file_open(const char *folder, const char *file, int flags);

/* Writes `value` as the file's content. False with errno. */
bool cgroup_file_put(int fd, const char *value);
bool cgroup_file_set(const char *folder, const char *file, const char *value);

/* The number in a file: behind `name` and a blank at the beginning of a line, or with NULL its first. -1:
 * there is none. */
long long cgroup_file_number(const char *folder, const char *file, const char *name);

/* Appends the processes of a group. */
void cgroup_folder_list(const char *folder, struct process_list *list);

#endif
