#include "util/pipe.h"

#include <errno.h>
#include <fcntl.h>

enum { PIPE_SIZE = 256 * 1024 };

void pipe_enlarge(int fd) {
    int saved_errno = errno;
    int size = fcntl(fd, F_GETPIPE_SZ);
    if (size > 0 && size < PIPE_SIZE)
        (void)fcntl(fd, F_SETPIPE_SZ, PIPE_SIZE);
    errno = saved_errno;
}
