/* A shared library for LD_PRELOAD: overlays cannot be mounted, and with NO_NAMESPACES in the environment
 * namespaces are not available either. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data) {
    if (!type || strcmp(type, "overlay") != 0)
        return (int)syscall(SYS_mount, source, target, type, flags, data);
    errno = EPERM;
    return -1;
}

int unshare(int flags) {
    if (!getenv("NO_NAMESPACES"))
        return (int)syscall(SYS_unshare, flags);
    errno = EPERM;
    return -1;
}
