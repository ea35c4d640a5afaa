/* What the kernel does for an environment. The mechanisms, a file each; the better ones come first, and where
 * one is not permitted the next is used:
 *
 *   processor time   cgroup-v2.c, cgroup-v1.c   control groups: a quota in each period, and a freezer
 *                    duty.c                     duty cycling: SIGSTOP and SIGCONT; needs no privilege
 *   memory           cgroup-v2.c, cgroup-v1.c   the kernel kills what exceeds the limit; otherwise the caller polls
 *   files            folders.c                  a private /tmp and a working folder that is an overlay on the code;
 *                                               otherwise TMPDIR and a copy
 *   processes        process.c                  process numbers of their own (a PID namespace); otherwise a
 *                                               process group
 *
 * cgroup.c is what both versions of control groups share; sandbox.c chooses between the mechanisms. */
#ifndef LOCAL_SANDBOX_SANDBOX_H
#define LOCAL_SANDBOX_SANDBOX_H

#include "serve/event-loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* ---- processor time and memory: sandbox.c ----
 *
 * Lambda gives a function of M MB a share of M/1769 cores, in periods of 20 ms. */

#define SANDBOX_PERIOD_NS (20 * NANOSECONDS_PER_MILLISECOND)
#define SANDBOX_MB_PER_CORE 1769.0

enum cpu_mode { CPU_AUTO, CPU_CGROUP, CPU_DUTY, CPU_NONE };
enum { SANDBOX_JOINS = 3 };

struct sandboxes; /* the mechanism, selected once */
struct sandbox;   /* of one environment */

/* Selects the mechanism: `mode`, or the best available one for CPU_AUTO. `name` is the prefix of the names
 * of control groups. NULL with errno when `mode` is not available. */
struct sandboxes *sandboxes_new(struct loop *loop, enum cpu_mode mode, const char *name);
void sandboxes_free(struct sandboxes *sandboxes);

/* The name of the mechanism: "cgroup v1", "cgroup v2", "duty cycling (SIGSTOP)" or "none"; and how memory is
 * limited: the same, or "polling". */
const char *sandboxes_mechanism(const struct sandboxes *sandboxes);
const char *sandboxes_memory(const struct sandboxes *sandboxes);

/* Removes the control groups that a killed `owner` left; `name` as for sandboxes_new. */
void sandboxes_clear(const char *name, pid_t owner);

/* Executes this program again with `arguments` in a systemd scope that is delegated to it, if only there it
 * can make control groups (version 2). The process number stays the same, and this function does not return.
 * Does nothing when no scope is needed or available. */
void sandboxes_enter_scope(char **arguments);

/* Makes a sandbox; never NULL. When a control group cannot be made, the sandbox uses duty cycling. `mark`
 * is a text that only the environments of its processes contain; see process_kill_marked. */
struct sandbox *sandbox_new(struct sandboxes *sandboxes, const char *mark);

/* Kills the processes left in the sandbox, and frees it. The leader must have been reaped. */
void sandbox_free(struct sandbox *sandbox);

/* Fills `joins` for process_plan.joins and returns their number. The sandbox closes the descriptors. */
size_t sandbox_joins(struct sandbox *sandbox, int joins[static SANDBOX_JOINS]);

/* Sets the process at the top of the tree, which has joined the groups. */
void sandbox_started(struct sandbox *sandbox, pid_t leader);

/* Sets the share of the processors, in cores; 0: no limit. */
void sandbox_limit(struct sandbox *sandbox, double cores);

/* The processor time that all threads of the leader have used so far, in nanoseconds; 0 for the mechanism
 * "none". */
uint64_t sandbox_used(const struct sandbox *sandbox);

/* Lets the kernel kill a process that exceeds `megabytes` of memory. False when the kernel cannot limit
 * it. */
bool sandbox_limit_memory(struct sandbox *sandbox, long megabytes);

/* True when the kernel has killed a process because of the memory limit. */
bool sandbox_memory_exceeded(const struct sandbox *sandbox);

/* The highest memory use of all its processes since the last call, in KiB. When it cannot exceed
 * `interesting_kib`, the result may be too high, but not above that. */
long sandbox_memory_kib(struct sandbox *sandbox, long interesting_kib);

/* Stops the whole process tree; continues it. */
void sandbox_freeze(struct sandbox *sandbox);
void sandbox_thaw(struct sandbox *sandbox);

/* Kills the whole process tree, frozen or not. */
void sandbox_kill(struct sandbox *sandbox);

/* ---- files: folders.c ----
 *
 * A private /tmp, by a mount namespace, in which these parts of the machine's /tmp are visible, because
 * programs may be installed there:
 *   - the entry directly below /tmp that contains the code or the interpreter, whole;
 *   - other folders directly below /tmp, read-only, but no files;
 *   - from this program's own folder, only the working folder of the environment.
 *
 * A working folder with the version's code. A function can write there; other environments do not see it, the
 * code does not change, and the folder is removed with the environment. */

/* What is permitted here. */
struct isolation {
    enum mounting {
        MOUNTS_NONE, /* no mount namespace */
        MOUNTS_ROOT, /* by privilege */
        MOUNTS_USER  /* within a user namespace */
    } mounts;
    bool overlays; /* working folders are overlays, which cost nothing until something is written */
    bool pids;     /* PID namespaces */
};

/* Tries it, in child processes and below `folder`. Leaves no files there. */
struct isolation isolation_find(const char *folder);

enum { MAX_SHOWN = 8 };

struct folders {
    const struct isolation *isolation;
    const char *own;  /* this program's own folder, of which other environments' parts stay hidden */
    const char *code; /* the folder with the version's code */
    const char
        *shown[MAX_SHOWN]; /* paths that must be visible if they are below /tmp; filled by the caller */
    size_t shown_count;
    char *task;   /* the working folder */
    char *layers; /* of its overlay */
    char *tmp;    /* the folder that is mounted as /tmp */
};

/* Makes the folders below `directory`, the environment's own folder. The strings and `isolation` must live as
 * long as `folders`. False with errno. */
bool folders_open(struct folders *folders, const struct isolation *isolation, const char *own,
                  const char *directory, const char *code);
void folders_release(struct folders *folders);

/* For the environment's new process. `fill` copies the code where that is the mechanism, before resources are
 * counted as the environment's; `separate` gives this process a mount namespace of its own; `mount` mounts
 * what is needed in it. False with errno. */
bool folders_fill(const struct folders *folders);
bool folders_separate(enum mounting mounts);
bool folders_mount(const struct folders *folders);

/* ---- processes: process.c ----
 *
 * With a PID namespace, a function can only see and signal its own processes: kill(-1, SIGKILL) reaches
 * neither this program nor another environment. The first process of the namespace is a keeper, which only
 * reaps orphans; the function's program is the second, so that signals and exits work as usual. Both are
 * children of this program. When the keeper ends, the kernel kills the other processes of the namespace. This
 * needs a mount namespace, because /proc must show the namespace's process numbers. */

/* The variable that marks the processes of an environment: its value is the environment's own folder. */
#define PROCESS_MARK "LAMBDA_RUNTIME_DIR="

struct process_plan {
    const char *program;
    char *const *arguments;   /* from the program's name to NULL */
    char *const *environment; /* NULL at the end */
    int output;               /* descriptor of standard output and standard error */
    const int *joins; /* cgroup.procs descriptors; the new process writes "0" to each, to join the group */
    size_t join_count;
    bool keeps_orphans; /* orphaned descendants stay in its process tree */
    const struct folders *folders;
};

/* Starts `plan` as the leader of a new process group, which dies with this program. `*status` becomes a
 * descriptor for process_begun and process_failure; `*keeper` becomes the keeper of its PID namespace, or
 * 0. The caller reaps both processes. Returns the process, or -1 with errno. */
pid_t process_start(const struct process_plan *plan, int *status, pid_t *keeper);

/* The time, as loop_now, at which the sandbox was ready and the program was executed; 0: not yet. */
uint64_t process_begun(int status);

/* After the process has ended: the errno with which the program could not be executed, or 0. Closes
 * `status`. */
int process_failure(int status);

/* Sends `signal` to the process group of `leader`, and to descendants that have left the group. */
void process_tree_signal(pid_t leader, int signal);

/* Kills every process whose environment contains the text `mark`, "NAME=" and the beginning of the value.
 * This also finds processes that have left their group and parent. */
void process_kill_marked(const char *mark);

/* Kills and reaps the children of this process, and the orphans it adopts as a subreaper, until none is
 * left. */
void process_end_children(void);

/* Whether to clear up after `process`: with `wanted` 0, true when it no longer exists; otherwise, true
 * when it is `wanted`. */
bool process_is_gone(pid_t process, pid_t wanted);

#endif
