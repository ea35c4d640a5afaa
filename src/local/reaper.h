/* The watchdog process: ensures that no process outlives pt-local, however pt-local ends.
 *
 * pt-local starts a watchdog, and the watchdog starts the server:
 *
 *     pt-local (started by the user) -> watchdog -> server -> environments
 *
 * When one of the three dies, the next one ends everything below it. The watchdog is a subreaper: it
 * adopts processes of functions that have left their session, group and parent. It exits when none is
 * left. It needs no privilege. */
#ifndef LOCAL_REAPER_H
#define LOCAL_REAPER_H

#include <sys/types.h>

struct reaper {
    int (*serve)(void *context);  /* runs the server; returns its exit status */
    void (*clear)(void *context); /* removes the folders and control groups of a killed server */
    void *context;
};

/* Runs `reaper->serve` in a child process. Returns its exit status when it has ended and every process
 * below it has been reaped; STATUS_FAILED, reported, when it was killed. Passes SIGTERM, SIGINT (unless it
 * is ignored) and SIGHUP on to it as SIGTERM. */
int reaper_run(const struct reaper *reaper);

#endif
