/* Control groups, version 1 and 2: one for each environment, with a limit of processor time, a limit of
 * memory where there is a controller for it, and a freezer. */
#ifndef LOCAL_SANDBOX_CGROUP_H
#define LOCAL_SANDBOX_CGROUP_H

#include "util/process-list.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CGROUP_HIERARCHIES = 3 };

/* Where groups are made. In version 2 there is one hierarchy, and the three folders are one. */
struct cgroup_root {
    int version;                       /* 1 or 2; 0: there is none that may be used */
    char *folders[CGROUP_HIERARCHIES]; /* by enum cgroup_hierarchy; NULL: not there */
    char *leaf;                        /* the group that this program stepped down into, version 2; or NULL */
    bool limits_memory;
    char *name;   /* what the names of our groups begin with */
    bool is_fake; /* ordinary folders, in tests: files are made */
};

enum cgroup_hierarchy { CGROUP_CPU, CGROUP_FREEZER, CGROUP_MEMORY };

struct cgroup {
    const struct cgroup_root *root;
    char *folders[CGROUP_HIERARCHIES]; /* in version 2 only the first */
    int joins[CGROUP_HIERARCHIES];     /* open cgroup.procs files, -1 */
    int freeze, quota;                 /* open files, -1 */
    bool memory_limited;
    long peak_kib, file_kib; /* the highest that were seen */
    int looks;               /* that the peak is still of interest for */
};

/* Looks for a hierarchy in which this program may make groups and set limits, by trying. `name` is copied.
 * `process` is the folder with this program's mountinfo and cgroup files, "/proc/self". */
void cgroup_root_find(struct cgroup_root *root, const char *name, const char *process);

/* Steps up again from where cgroup_root_find has stepped down to. */
void cgroup_root_release(struct cgroup_root *root);

/* Ends and removes the groups "PREFIX" + process number + ...: those of `owner`, or with 0 those whose
 * process is no more. */
void cgroup_clear(const struct cgroup_root *root, const char *prefix, pid_t owner);

/* True when this program cannot make groups where it is, but could in a scope of its own that is delegated to
 * it: there is a version 2, and none of its groups may be used. */
bool cgroup_wants_scope(void);

/* A new group, number `number`. False with errno, and nothing is left of it. */
bool cgroup_open(struct cgroup *group, const struct cgroup_root *root, unsigned long number);

/* Kills what is in it and removes it; false when something in it has not ended yet: to be called again. */
bool cgroup_close(struct cgroup *group);

/* `cores` of processor time in each period of 20 ms, before all that is in no group of pt-local's; 0: no
 * limit. */
bool cgroup_limit(struct cgroup *group, double cores);

/* `megabytes` of memory, nothing of it in swap space; false when the group has no such controller. The kernel
 * kills what goes over. */
bool cgroup_limit_memory(struct cgroup *group, long megabytes);

/* True when the kernel has killed something in it for its memory. */
bool cgroup_memory_exceeded(const struct cgroup *group);

/* How much more memory than now, in KiB, was in use when most was in use, if that was since the last few
 * calls: that of a process which has come and gone. Page cache does not count: where it cannot be told apart
 * the answer is too low. */
long cgroup_memory_spike_kib(struct cgroup *group);

/* Appends the processes in it. */
void cgroup_list(const struct cgroup *group, struct process_list *list);

void cgroup_freeze(struct cgroup *group, bool frozen);
void cgroup_kill(struct cgroup *group);

#endif
