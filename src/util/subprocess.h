/* Running another program and reading what it says. */
#ifndef UTIL_SUBPROCESS_H
#define UTIL_SUBPROCESS_H

#include "util/text.h"

#include <stdbool.h>
#include <sys/types.h>

/* Runs `arguments` (NULL-terminated; the program is looked for in PATH) with nothing on its standard input,
 * waits for it, and appends what it wrote on standard output and standard error. No more than `limit` bytes
 * of each are kept; a program that writes more than that on standard output is ended. True when it could be
 * run: `*status` is its exit status, or 128 + N when signal N ended it. False with errno otherwise: ETIMEDOUT
 * when it, or a process that has its output, was still there after `seconds` (0: however long it takes); it
 * was then killed with all its descendants. */
bool process_run(char *const *arguments, size_t limit, long seconds, int *status, struct text *output,
                 struct text *errors);

/* From now on this process gets SIGTERM when `parent`, which started it, ends; at once when it has ended
 * already. Without it, what is killed leaves its children working. */
void process_end_with(pid_t parent);

#endif
