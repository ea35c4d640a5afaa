/* Starts the process of an environment, and reads its output. */
#ifndef LOCAL_ENVIRONMENT_LAUNCH_H
#define LOCAL_ENVIRONMENT_LAUNCH_H

#include "local/environment/environment.h"

/* Opens the environment's address, makes its folder and starts its program in a sandbox. Returns NULL; on
 * failure the reason, a static string, and the environment has no process. */
const char *launch(struct environment *environment);

/* Reads the output of the process so far into the log of `invocation`, or, if NULL, keeps it for the next
 * one. */
void launch_drain_output(struct environment *environment, struct invocation *invocation);

/* Stops reading the output; later output is lost. */
void launch_stop_output(struct environment *environment);

/* Releases everything that launch made. The process must have been reaped. */
void launch_release(struct environment *environment);

/* The name of a signal in Lambda's messages: "killed", "segmentation fault", ... */
const char *launch_signal_name(int signal_number);

#endif
