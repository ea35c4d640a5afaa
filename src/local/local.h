/* One running pt-local: built of its settings, run until it is told to stop, taken apart. */
#ifndef LOCAL_LOCAL_H
#define LOCAL_LOCAL_H

#include "local/server.h"

/* Starts everything but functions. False: what failed has been reported, and nothing is left. */
bool local_open(struct server *server, const struct settings *settings);

/* Serves until SIGINT, SIGTERM or SIGHUP. The number of the signal, or 0 when waiting failed. */
int local_run(struct server *server);

/* Clears what the server of `owner` left, which has been killed. */
void local_clear(pid_t owner);

/* Ends all processes and removes all folders and control groups. */
void local_close(struct server *server);

#endif
