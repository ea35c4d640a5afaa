/* Processes of functions: starting one with exactly the environment, folder and output it should have; ending
 * a whole tree. */
#ifndef LOCAL_SANDBOX_PROCESS_H
#define LOCAL_SANDBOX_PROCESS_H

#include "local/sandbox/private-tmp.h"
#include "local/sandbox/task-folder.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The variable by which the processes of an environment can be told: its value is the environment's own
 * folder. */
#define PROCESS_MARK "LAMBDA_RUNTIME_DIR="

struct process_plan {
    const char *program;
    char *const *arguments;   /* with the program's name as the first, NULL at the end */
    char *const *environment; /* NULL at the end */
    int output;               /* descriptor of standard output and standard error */
    const int *
        joins; /* descriptors to which the new process writes "0" before the program starts: control groups */
    size_t join_count;
    bool own_pids;      /* it has a PID namespace: local/pid-namespace.h */
    bool keeps_orphans; /* descendants that lose their parents stay in its tree */
    const struct private_tmp *tmp;
    const struct task_folder *task; /* its working directory */
};

/* Starts `plan` as the leader of a new process group that dies with this program. `*status` becomes a
 * descriptor for the next two, `*keeper` the process that keeps its PID namespace, or 0; both are to be
 * reaped. -1 with errno when there is no process. */
pid_t process_start(const struct process_plan *plan, int *status, pid_t *keeper);

/* When the program itself was started, its sandbox being ready: nanoseconds as of loop_now; 0: not
 * yet. */
uint64_t process_begun(int status);

/* After the end of the process: the errno for which the program could not be started, or 0. Closes `status`.
 */
int process_failure(int status);

/* Sends `signal` to the process group of `leader` and to all descendants that have left it. */
void process_tree_signal(pid_t leader, int signal);

/* Kills every process whose environment has the text `mark` in it, "NAME=beginning of the value": those that
 * have left every group and parent, too. */
void process_kill_marked(const char *mark);

/* Kills the children of this process, and theirs that come to it as a subreaper, until there are none. */
void process_end_children(void);

/* True when there is no process `process`; or, with `wanted` not 0, when it is `wanted`: whose remains are to
 * be cleared. */
bool process_is_gone(pid_t process, pid_t wanted);

#endif
