/* Starting the process of an environment, and what it writes. */
#ifndef LOCAL_ENVIRONMENT_LAUNCH_H
#define LOCAL_ENVIRONMENT_LAUNCH_H

#include "local/environment/environment.h"

/* Opens the environment's address, makes its folder and starts its bootstrap in a sandbox. NULL, or why there
 * is no process: a static string. */
const char *launch(struct environment *environment);

/* Takes what the process has written so far into the log of `invocation`. */
void launch_drain_output(struct environment *environment, struct invocation *invocation);

/* What it writes from now on is lost. */
void launch_stop_output(struct environment *environment);

/* Gives back all that launch took; the process has been reaped. */
void launch_release(struct environment *environment);

/* "killed", "segmentation fault", ...: as Lambda's messages name signals. */
const char *launch_signal_name(int signal_number);

#endif
