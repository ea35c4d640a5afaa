/* The guard: sees to it that nothing outlives pt-local, however it ends.
 *
 * The server runs two processes below the one that the user started, with a guard between them:
 *
 *     pt-local (the user's) -> guard -> server -> environments
 *
 * Whichever of the three dies, the next one ends what is below it. The guard is a subreaper, so that a
 * process of a function comes to it even when it has left every session, group and parent, and it goes when
 * there are none any more. It needs no privilege. */
#ifndef LOCAL_REAPER_H
#define LOCAL_REAPER_H

#include <sys/types.h>

struct reaper {
    int (*serve)(void *context);  /* the server; its result is an exit status */
    void (*clear)(void *context); /* removes the folders and control groups of a server that was killed */
    void *context;
};

/* Runs `guarded->serve` and returns its exit status when it has ended and everything below it is gone.
 * SIGTERM, SIGINT (unless it is ignored) and SIGHUP are passed on to it as SIGTERM. */
int reaper_run(const struct reaper *reaper);

#endif
