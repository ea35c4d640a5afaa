/* Running another program and reading its output. */
#ifndef UTIL_SUBPROCESS_H
#define UTIL_SUBPROCESS_H

#include "util/text.h"

#include <stdbool.h>
#include <sys/types.h>

/* Runs `arguments` (NULL-terminated; the program is searched in PATH) with empty standard input, waits for
 * it, and appends its standard output to `output` and its standard error to `errors`, at most `limit` bytes
 * of each. A program that writes more than that on standard output is terminated. True when the program was
 * run: `*status` is then its exit status, or 128 + N when signal N ended it. Otherwise false with errno;
 * ETIMEDOUT means that it, or a process that inherited its output, still ran after `seconds` (0: no limit)
 * and was killed with all its descendants. */
bool process_run(char *const *arguments, size_t limit, long seconds, int *status, struct text *output,
                 struct text *errors);

/* Arranges that this process gets SIGTERM when `parent`, its parent or the parent of that, ends (immediately
 * when it has already ended). Otherwise the children of a process that is killed would continue. */
void process_end_with(pid_t parent);

#endif
