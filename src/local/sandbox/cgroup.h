/* Control groups, version 1 and 2: one group for each environment, with a limit on processor time, a limit on
 * memory where the controller is available, and a freezer. */
#ifndef LOCAL_SANDBOX_CGROUP_H
#define LOCAL_SANDBOX_CGROUP_H

#include "util/process-list.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CGROUP_HIERARCHIES = 3 };

/* Where groups are made. Version 2 has one hierarchy: only the first folder is set. */
struct cgroup_root {
    int version;                       /* 1 or 2; 0: no usable hierarchy */
    char *folders[CGROUP_HIERARCHIES]; /* by enum cgroup_hierarchy; NULL: not available */
    char *leaf; /* version 2: the child group that this program moved itself into; NULL: none */
    bool limits_memory;
    char *name;   /* prefix of the names of our groups */
    bool is_fake; /* for tests: the folders are ordinary ones, in which files are created */
};

enum cgroup_hierarchy { CGROUP_CPU, CGROUP_FREEZER, CGROUP_MEMORY };

struct cgroup {
    const struct cgroup_root *root;
    char *folders[CGROUP_HIERARCHIES]; /* version 2: only the first */
    int joins[CGROUP_HIERARCHIES];     /* open cgroup.procs files; -1: none */
    int freeze, quota;                 /* open files; -1: none */
    bool memory_limited;
    long peak_kib, file_kib; /* the highest values seen */
    int looks;               /* how many more times the peak is checked */
};

/* Finds, by trying, a hierarchy in which this program can make groups and set limits. Sets root->version
 * to 0 when there is none. `name` is copied. `process` is the folder with this program's mountinfo and
 * cgroup files, "/proc/self". */
void cgroup_root_find(struct cgroup_root *root, const char *name, const char *process);

/* Moves this program back from the child group, if any, and frees the members. */
void cgroup_root_release(struct cgroup_root *root);

/* Removes groups that were left, and kills the processes in them: those named PREFIX and the process number
 * `owner`, or, with 0, those whose process no longer exists. */
void cgroup_clear(const struct cgroup_root *root, const char *prefix, pid_t owner);

/* True when this program cannot make groups but probably could in a delegated scope of its own: there is a
 * version 2 hierarchy, and none of its groups can be used. */
bool cgroup_wants_scope(void);

/* Makes a group with the name of the root and `number`. On failure removes it again and returns false with
 * errno. */
bool cgroup_open(struct cgroup *group, const struct cgroup_root *root, unsigned long number);

/* Kills the processes in a group and removes it. False when a process has not ended yet: call again later. */
bool cgroup_close(struct cgroup *group);

/* Limits a group to `cores` cores in each period of 20 ms; 0: no limit. The group has priority over processes
 * outside pt-local's groups. False with errno. */
bool cgroup_limit(struct cgroup *group, double cores);

/* Limits the memory of a group, without swap space; the kernel kills a process that exceeds it. False when
 * the group has no memory controller. */
bool cgroup_limit_memory(struct cgroup *group, long megabytes);

/* True when the kernel has killed a process of the group because of the memory limit. */
bool cgroup_memory_exceeded(const struct cgroup *group);

/* How much the peak memory use of the last few calls exceeds the use now, in KiB: the memory of processes
 * that have started and ended in between. Page cache does not count; where the kernel does not report it
 * separately, the result is too low. */
long cgroup_memory_spike_kib(struct cgroup *group);

/* Appends the processes of a group to `list`. */
void cgroup_list(const struct cgroup *group, struct process_list *list);

/* Freezes or thaws the processes of a group; kills them all. */
void cgroup_freeze(struct cgroup *group, bool frozen);
void cgroup_kill(struct cgroup *group);

#endif
