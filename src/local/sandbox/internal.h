/* Between the files of the sandbox. */
#ifndef LOCAL_SANDBOX_INTERNAL_H
#define LOCAL_SANDBOX_INTERNAL_H

#include "local/sandbox/sandbox.h"
#include "util/process-list.h"

/* "FOLDER/NAME", which the caller frees. */
char *sandbox_path(const char *folder, const char *name);

/* ---- control groups: cgroup.c ---- */

enum cgroup_hierarchy { CGROUP_CPU, CGROUP_FREEZER, CGROUP_MEMORY, CGROUP_HIERARCHIES };

/* The files of a version, and what is written to them. */
struct cgroup_version {
    const char *name;
    size_t hierarchies; /* version 2 has one, for everything */
    const char *period; /* NULL: the period stands in the quota's file */
    const char *quota, *no_quota;
    const char *weight, *burst;
    long most_weight;
    const char *freeze, *frozen, *thawed;
    const char *memory, *swap;
    const char *no_swap;    /* NULL: the memory limit, because the file counts both */
    const char *kill_whole; /* the file that makes the kernel kill the whole group; NULL: none */
    const char *events, *peak, *cache, *anonymous, *kernel_file, *kernel;
};

/* Where groups are made: by this program's version. */
struct cgroup_root {
    const struct cgroup_version *version; /* NULL: no usable hierarchy */
    char *folders[CGROUP_HIERARCHIES];    /* NULL: not available */
    char *leaf; /* version 2: the child group that this program moved itself into; NULL: none */
    bool limits_memory;
    char *name;   /* prefix of the names of our groups */
    bool is_fake; /* for tests: the folders are ordinary ones, in which files are created */
};

struct cgroup {
    const struct cgroup_root *root;
    char *folders[CGROUP_HIERARCHIES];
    int joins[CGROUP_HIERARCHIES]; /* open cgroup.procs files; -1: none */
    int freeze, quota;             /* open files; -1: none */
    bool memory_limited;
    long peak_kib, file_kib; /* the highest values seen */
    int looks;               /* how many more times the peak is checked */
};

/* Finds, by trying, a hierarchy in which this program can make groups and set limits. `name` is copied. `top`
 * is where the hierarchies are mounted, "/sys/fs/cgroup"; `process` has this program's cgroup file,
 * "/proc/self". */
void cgroup_root_find(struct cgroup_root *root, const char *name, const char *top, const char *process);

/* Moves this program back from the child group, if any, and frees the members. */
void cgroup_root_release(struct cgroup_root *root);

/* Removes groups that were left, and kills the processes in them: those named PREFIX and the process number
 * `owner`, or, with 0, those whose process no longer exists. */
void cgroup_clear(const struct cgroup_root *root, const char *prefix, pid_t owner);

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

/* Appends the processes of a group to `list`; freezes or thaws them; kills them. */
void cgroup_list(const struct cgroup *group, struct process_list *list);
void cgroup_freeze(struct cgroup *group, bool frozen);
void cgroup_kill(struct cgroup *group);

/* ---- for cgroup-v1.c and cgroup-v2.c ---- */

extern const struct cgroup_version cgroup_version_1, cgroup_version_2;

/* Find where version 1 or 2 permits groups; as cgroup_root_find. */
bool cgroup_find_v1(struct cgroup_root *root, const char *top, const char *process);
bool cgroup_find_v2(struct cgroup_root *root, const char *top, const char *process);
bool cgroup_is_v2(const char *top); /* version 2 is mounted there */
void cgroup_release_v2(struct cgroup_root *root);

/* True when groups can be made, joined and limited in the folders of `root`; otherwise forgets these. */
bool cgroup_try(struct cgroup_root *root, const struct cgroup_version *version);

/* This program's own group below `top`, in the hierarchy with `controller` ("" in version 2); the caller
 * frees it. */
char *cgroup_own(const char *process, const char *top, const char *controller);

/* Writes `value` to a file of a group; appends the processes of a group. */
bool cgroup_set(const char *folder, const char *file, const char *value);
void cgroup_members(const char *folder, struct process_list *list);

/* ---- processes: process.c ---- */

/* Waits for a process; its status, or 1 when there is none. */
int process_wait(pid_t process);

/* Mounts /proc for the PID namespace of this process. False with errno. */
bool process_mount_numbers(void);

/* ---- duty cycling: duty.c ---- */

/* Stops a process tree when it has used up its share of a period, until the period is over. */
struct duty {
    struct loop *loop;
    pid_t leader;
    double cores;
    struct timer check;
    bool resting; /* stopped: the share of this period is used up */
    uint64_t period_end;
    uint64_t used_before; /* processor time of the tree when the period began, ns */
    long long budget;     /* of the period, ns, less the overdraft of the last one */
};

/* Begins a period with a share of `cores` cores; ends the cycling, and with `proceed` continues the tree. */
void duty_start(struct duty *duty, struct loop *loop, pid_t leader, double cores);
void duty_stop(struct duty *duty, bool proceed);

#endif
