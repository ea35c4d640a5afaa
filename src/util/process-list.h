/* Lists of processes: a tree, the members of a control group; what they use, and signals to all of them. */
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

/* Appends the process numbers in `text`, which are separated by white space. */
void process_list_parse(struct process_list *list, const char *text);

/* Appends the children of `process`; `leader` and all its descendants. */
void process_list_children(struct process_list *list, pid_t process);
void process_list_tree(struct process_list *list, pid_t leader);

/* Sends `signal` to each. */
void process_list_signal(const struct process_list *list, int signal_number);

/* What all of them have now, in KiB, pages that they share counted once. When it cannot be more than
 * `interesting_kib` the answer may be too high, but not above that: to know better is not cheap. */
long process_list_kib(const struct process_list *list, long interesting_kib);

/* The processor time that they have used, in nanoseconds. */
uint64_t process_list_used(const struct process_list *list);

/* The peak resident set of one process in KiB; 0 when it is gone. */
long process_peak_kib(pid_t process);

#endif
