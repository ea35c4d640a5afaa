/* Sandboxes limit the process tree of an environment to its share of the processors.
 *
 * Lambda gives a function of M MB a share of M/1769 cores, in periods of 20 ms. The mechanisms, best first:
 *
 *   cgroup  control groups: cpu.max (version 2) or cpu.cfs_quota_us (version 1), and the freezer between
 *           invocations
 *   duty    duty cycling: SIGSTOP and SIGCONT according to the processor time used; needs no privilege
 *   none    no limit, for tests that do not check durations */
#ifndef LOCAL_SANDBOX_SANDBOX_H
#define LOCAL_SANDBOX_SANDBOX_H

#include "serve/event-loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SANDBOX_PERIOD_NS (20 * NANOSECONDS_PER_MILLISECOND)
#define SANDBOX_MB_PER_CORE 1769.0

enum cpu_mode { CPU_AUTO, CPU_CGROUP, CPU_DUTY, CPU_NONE };
enum { SANDBOX_JOINS = 4 };

struct sandboxes; /* the mechanism, selected once */
struct sandbox;   /* of one environment */

/* Selects the mechanism: `mode`, or the best available one for CPU_AUTO. `name` is the prefix of the names
 * of control groups. NULL with errno when `mode` is not available. */
struct sandboxes *sandboxes_new(struct loop *loop, enum cpu_mode mode, const char *name);
void sandboxes_free(struct sandboxes *sandboxes);

/* The name of the mechanism: "cgroup v1", "cgroup v2", "duty cycling (SIGSTOP)" or "none". */
const char *sandboxes_mechanism(const struct sandboxes *sandboxes);

/* How memory is limited: the same, or "polling". */
const char *sandboxes_memory(const struct sandboxes *sandboxes);

/* Removes the control groups that a killed `owner` left; `name` as for sandboxes_new. */
void sandboxes_clear(const char *name, pid_t owner);

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

#endif
