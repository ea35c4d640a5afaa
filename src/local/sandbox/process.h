/* Processes of functions: starts one with a given environment, working directory and output; ends a whole
 * tree. */
#ifndef LOCAL_SANDBOX_PROCESS_H
#define LOCAL_SANDBOX_PROCESS_H

#include "local/sandbox/private-tmp.h"
#include "local/sandbox/task-folder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The variable that marks the processes of an environment: its value is the environment's own folder. */
#define PROCESS_MARK "LAMBDA_RUNTIME_DIR="

struct process_plan {
    const char *program;
    char *const *arguments;   /* from the program's name to NULL */
    char *const *environment; /* NULL at the end */
    int output;               /* descriptor of standard output and standard error */
    const int *joins; /* cgroup.procs descriptors; the new process writes "0" to each, to join the group */
    size_t join_count;
    bool own_pids;      /* start it in a PID namespace (local/sandbox/pid-namespace.h) */
    bool keeps_orphans; /* orphaned descendants stay in its process tree */
    const struct private_tmp *tmp;
    const struct task_folder *task; /* its working directory */
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
