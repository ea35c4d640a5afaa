/* PID namespaces: each environment has process numbers of its own.
 *
 * A function can only signal processes of its namespace: kill(-1, SIGKILL) reaches neither this program
 * nor another environment. The first process of the namespace is a keeper, which only reaps orphans. The
 * function's program is the second process, so that signals and exits work as usual. Both are children of
 * this program. When the keeper ends, the kernel kills the other processes of the namespace.
 *
 * This needs a mount namespace, because /proc must show the process numbers of the namespace. */
#ifndef LOCAL_SANDBOX_PID_NAMESPACE_H
#define LOCAL_SANDBOX_PID_NAMESPACE_H

#include "local/sandbox/private-tmp.h"

#include <stdbool.h>
#include <sys/types.h>

/* Tries whether PID namespaces are permitted here. */
bool pid_namespace_find(enum private_tmp_mechanism mechanism);

/* ---- in a new process of this program ---- */

/* Makes a PID namespace and its keeper. `*keeper` becomes the process number of the keeper as seen
 * outside. Later children of this process are in the namespace. This process must have a mount namespace
 * of its own. False with errno. */
bool pid_namespace_make(pid_t *keeper);

/* Like fork, but the new process is a child of this process's parent. */
pid_t pid_namespace_fork(void);

/* Mounts /proc for the namespace; called in a process of the namespace. False with errno. */
bool pid_namespace_enter(void);

#endif
