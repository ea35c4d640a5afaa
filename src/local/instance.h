/* The folder of one running pt-local: copies of code, folders of environments. It lies in the system's folder
 * for temporary files, belongs to this user alone and goes with the program. What one that was killed left
 * behind, the next start clears: its processes, its control groups and its folder. */
#ifndef LOCAL_INSTANCE_H
#define LOCAL_INSTANCE_H

#include "util/text.h"

#include <stdbool.h>
#include <sys/types.h>

struct instance;

/* Clears what dead ones left, and makes a folder for this one, whose name tells the process number `owner`.
 * NULL with errno. */
struct instance *instance_new(pid_t owner);

/* Clears what the instance of `owner` left, or with 0 what all instances left whose process is no more. */
void instance_clear(pid_t owner);

/* Removes the folder. */
void instance_free(struct instance *instance);

/* Appends a new path in the folder, "FOLDER/KIND-7"; nothing is made there. */
void instance_path(struct instance *instance, const char *kind, struct text *path);

/* The folder. */
const char *instance_folder(const struct instance *instance);

/* The name that control groups of this one begin with: "power-tune-OWNER". */
const char *instance_name(const struct instance *instance);

#endif
