/* Sandboxes: what holds the process tree of an environment to its share of the processors.
 *
 * Lambda gives a function M/1769 of a core for its M MB, in periods of 20 ms. The means, best first:
 *   cgroup  the kernel's control groups: cpu.max (v2) or cpu.cfs_quota_us (v1); the freezer between
 * invocations duty    SIGSTOP and SIGCONT, by the processor time that the tree has used; needs no privilege
 *   none    nothing is held to anything; for tests that do not look at durations */
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

struct sandboxes; /* the means, chosen once */
struct sandbox;   /* one environment's */

/* `name` begins the names of control groups. NULL with errno when `mode` asks for what is not there; CPU_AUTO
 * takes the best that is. */
struct sandboxes *sandboxes_new(struct loop *loop, enum cpu_mode mode, const char *name);
void sandboxes_free(struct sandboxes *sandboxes);

/* "cgroup v1", "cgroup v2", "duty cycling (SIGSTOP)" or "none". */
const char *sandboxes_mechanism(const struct sandboxes *sandboxes);

/* How memory is limited: the same, or "watching". */
const char *sandboxes_memory(const struct sandboxes *sandboxes);

/* Removes the control groups that `owner` left; `name` as for sandboxes_new. */
void sandboxes_clear(const char *name, pid_t owner);

/* Never NULL: when a control group cannot be made, the sandbox is held by duty cycling. `mark` is in the
 * environment of its processes and of no others; see process_kill_marked. */
struct sandbox *sandbox_new(struct sandboxes *sandboxes, const char *mark);

/* Ends what is still in it, and frees. The leader must have been reaped. */
void sandbox_free(struct sandbox *sandbox);

/* For process_plan.joins: fills `joins` and returns how many there are. They are the sandbox's to close. */
size_t sandbox_joins(struct sandbox *sandbox, int joins[static SANDBOX_JOINS]);

/* The process whose tree is meant; it has joined. */
void sandbox_started(struct sandbox *sandbox, pid_t leader);

/* The share of the processors from now on, in cores; 0: no limit. */
void sandbox_limit(struct sandbox *sandbox, double cores);

/* The processor time that the leader has used so far, in nanoseconds, all its threads together; 0 when it is
 * held to nothing. */
uint64_t sandbox_used(const struct sandbox *sandbox);

/* Lets the kernel kill what goes over `megabytes` of memory; false when there are no means for that. */
bool sandbox_limit_memory(struct sandbox *sandbox, long megabytes);

/* True when the kernel has killed something for its memory. */
bool sandbox_memory_exceeded(const struct sandbox *sandbox);

/* The most memory, in KiB, that all its processes have now or have had since the last call. When it cannot be
 * more than `interesting_kib` the answer may be too high, but not above that. */
long sandbox_memory_kib(struct sandbox *sandbox, long interesting_kib);

/* Stops the whole tree, and lets it go on. */
void sandbox_freeze(struct sandbox *sandbox);
void sandbox_thaw(struct sandbox *sandbox);

/* SIGKILL for the whole tree, frozen or not. */
void sandbox_kill(struct sandbox *sandbox);

#endif
