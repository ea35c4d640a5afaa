/* The temporary folder of one running pt-local, for copies of code and the folders of environments. It is
 * in the system's folder for temporary files, only this user can access it, and it is removed when the
 * program ends. If the program is killed, the next start removes its processes, control groups and folder. */
#ifndef LOCAL_INSTANCE_H
#define LOCAL_INSTANCE_H

#include "util/text.h"

#include <stdbool.h>
#include <sys/types.h>

struct instance;

/* Clears up after killed instances, and makes a folder for this one. The folder's name contains the process
 * number `owner`. NULL with errno. */
struct instance *instance_new(pid_t owner);

/* Kills the processes and removes the folder of the instance of `owner`; with 0, of all instances whose
 * process no longer exists. */
void instance_clear(pid_t owner);

/* Removes the folder and frees the instance. NULL is permitted. */
void instance_free(struct instance *instance);

/* Appends a new path in the folder, "FOLDER/KIND-7". Does not create a file. */
void instance_path(struct instance *instance, const char *kind, struct text *path);

/* The path of the folder; valid as long as the instance. */
const char *instance_folder(const struct instance *instance);

/* The prefix of this instance's control groups, "power-tune-OWNER"; valid as long as the instance. */
const char *instance_name(const struct instance *instance);

#endif
