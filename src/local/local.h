/* One running pt-local: started from its settings, run until a signal ends it, and released. */
#ifndef LOCAL_LOCAL_H
#define LOCAL_LOCAL_H

#include "local/server.h"

/* Starts all parts of the server; functions are added afterwards. On failure reports the error, releases
 * everything and returns false. */
bool local_open(struct server *server, const struct settings *settings);

/* Serves until SIGINT, SIGTERM or SIGHUP. Returns the number of the signal, or 0 when waiting for events
 * failed. */
int local_run(struct server *server);

/* Removes the folders and control groups that a killed server of `owner` left. */
void local_clear(pid_t owner);

/* Ends all processes, removes all folders and control groups, and releases the server. */
void local_close(struct server *server);

#endif
