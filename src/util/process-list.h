/* Lists of processes (a process tree, the members of a control group): their resource use, and signals to all
 * of them. */
#ifndef UTIL_PROCESS_LIST_H
#define UTIL_PROCESS_LIST_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process_list {
    pid_t *processes;
    size_t count, capacity;
};

#define PROCESS_LIST_INIT                                                                                    \
    { NULL, 0, 0 }

void process_list_release(struct process_list *list);

/* Appends the process ids in `text`, which are separated by white space. */
void process_list_parse(struct process_list *list, const char *text);

/* process_list_children appends the children of `process`, process_list_tree appends `leader` and all its
 * descendants. */
void process_list_children(struct process_list *list, pid_t process);
void process_list_tree(struct process_list *list, pid_t leader);

/* Sends the signal to each process. */
void process_list_signal(const struct process_list *list, int signal_number);

/* The current memory of all processes in KiB, with shared pages counted once. That is slow to measure: when
 * the memory is at most `interesting_kib` even with shared pages counted several times, this larger number is
 * returned. */
long process_list_kib(const struct process_list *list, long interesting_kib);

/* The processor time of all processes in nanoseconds. */
uint64_t process_list_used(const struct process_list *list);

/* The peak resident set size of one process in KiB; 0 when the process has ended. */
long process_peak_kib(pid_t process);

#endif
