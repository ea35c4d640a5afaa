/* Control groups, version 1 and 2: one for each environment, with a limit of processor time and a freezer. */
#ifndef LOCAL_CGROUP_H
#define LOCAL_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

enum { CGROUP_HIERARCHIES = 2 };

/* Where groups are made. */
struct cgroup_root {
    int version;   /* 1 or 2; 0: there is none that may be used */
    char *cpu;     /* folder; in version 2 it is the only one */
    char *freezer; /* folder of version 1's freezer, or NULL */
    char *name;    /* what the names of our groups begin with */
};

struct cgroup {
    const struct cgroup_root *root;
    char *cpu, *freezer;           /* folders */
    int joins[CGROUP_HIERARCHIES]; /* open cgroup.procs files, -1 */
    int freeze, quota;             /* open files, -1 */
};

/* Looks for a hierarchy in which this program may make groups and set limits, by trying. `name` is copied. */
void cgroup_root_find(struct cgroup_root *root, const char *name);
void cgroup_root_release(struct cgroup_root *root);

/* Ends and removes groups of programs that are dead: those named `prefix` + a process number that is no more.
 */
void cgroup_sweep(const struct cgroup_root *root, const char *prefix);

/* A new group, number `number`. False with errno, and nothing is left of it. */
bool cgroup_open(struct cgroup *group, const struct cgroup_root *root, unsigned long number);

/* Kills what is in it and removes it; false when something in it has not ended yet: to be called again. */
bool cgroup_close(struct cgroup *group);

/* `cores` of processor time in each period of 20 ms; 0: no limit. */
bool cgroup_limit(struct cgroup *group, double cores);

void cgroup_freeze(struct cgroup *group, bool frozen);
void cgroup_kill(struct cgroup *group);

#endif
