/* Process numbers of an environment's own, by a PID namespace.
 *
 * What a function kills is in its namespace: kill(-1, SIGKILL) reaches neither this program nor another
 * environment. The namespace's first process is a keeper, which does nothing but reap what lost its parent;
 * the function's program is the second, so that signals and its exit do what they do elsewhere. Both are
 * children of this program. When the keeper ends, the kernel kills all that is left in the namespace.
 *
 * It needs a mount namespace, for /proc must show the numbers of the namespace. */
#ifndef LOCAL_SANDBOX_PID_NAMESPACE_H
#define LOCAL_SANDBOX_PID_NAMESPACE_H

#include "local/sandbox/private-tmp.h"

#include <stdbool.h>
#include <sys/types.h>

/* Whether that is permitted here, found by trying it. */
bool pid_namespace_find(enum private_tmp_mechanism mechanism);

/* ---- in a new process of this program ---- */

/* Makes the namespace and its keeper, whose process number as seen outside is `*keeper`; the children of this
 * process from here on are in it. This process has a mount namespace of its own by then. False with errno. */
bool pid_namespace_make(pid_t *keeper);

/* Starts a process that is a child of this one's parent, as fork does a child. */
pid_t pid_namespace_fork(void);

/* In a process in the namespace: /proc shows it. False with errno. */
bool pid_namespace_enter(void);

#endif
