/* Processes of functions: starting one with exactly the environment, folder and output it should have; ending
 * a whole tree. */
#ifndef LOCAL_PROCESS_H
#define LOCAL_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The variable by which the processes of an environment can be told: its value is the environment's own
 * folder. */
#define PROCESS_MARK "LAMBDA_RUNTIME_DIR="

struct process_plan {
    const char *program;
    char *const *arguments;   /* with the program's name as the first, NULL at the end */
    char *const *environment; /* NULL at the end */
    const char *directory;
    int output; /* descriptor of standard output and standard error */
    const int *
        joins; /* descriptors to which the new process writes "0" before the program starts: control groups */
    size_t join_count;
};

/* Starts `plan` as the leader of a new process group that dies with this program. `*failed` becomes a
 * descriptor: when the program could not be started, an int with errno can be read from it once the process
 * has ended; otherwise nothing. -1 with errno when there is no process. */
pid_t process_start(const struct process_plan *plan, int *failed);

/* What process_start's `failed` says after the end of the process: errno, or 0. Closes the descriptor. */
int process_failure(int failed);

/* The peak resident set of one process in KiB; 0 when it is gone. */
long process_peak_kib(pid_t process);

/* What all processes of a tree have now, in KiB, pages that they share counted once. When it cannot be more
 * than `interesting_kib` the answer may be too high, but not above that: to know better is not cheap. */
long process_tree_kib(pid_t leader, long interesting_kib);

/* Sends `signal` to the process group of `leader` and to all descendants that have left it. */
void process_tree_signal(pid_t leader, int signal);

/* Kills every process whose environment has the text `mark` in it, "NAME=beginning of the value": those that
 * have left every group and parent, too. */
void process_kill_marked(const char *mark);

/* Calls `visit` for `leader` and each of its descendants. */
void process_tree_visit(pid_t leader, void (*visit)(void *context, pid_t process), void *context);

#endif
