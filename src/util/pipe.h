/* Pipes that carry much. */
#ifndef UTIL_PIPE_H
#define UTIL_PIPE_H

/* Makes the pipe `fd` hold 256 KiB, so that its two ends do not wait for each other at every block; nothing
 * when it is no pipe or the system does not allow it. */
void pipe_enlarge(int fd);

#endif
