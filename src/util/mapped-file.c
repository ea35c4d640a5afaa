#include "util/mapped-file.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
    char *bytes;
    size_t length; /* 0: no file is mapped */
    size_t page;
    atomic_bool torn;
    struct sigaction before;
} mapped;

/* In a signal handler: mmap is not on POSIX's list of safe functions, but on Linux it is a plain system call.
 * The flag is set before any reader can see zeros. */
static void replace_missing(int number, siginfo_t *info, void *context) {
    (void)context;
    int error = errno;
    size_t offset = (uintptr_t)info->si_addr - (uintptr_t)mapped.bytes;
    bool fault = info->si_code > 0;
    if (fault && offset < mapped.length) {
        atomic_store(&mapped.torn, true);
        offset -= offset % mapped.page;
        if (mmap(mapped.bytes + offset, mapped.length - offset, PROT_READ,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED) {
            errno = error;
            return;
        }
    }
    /* Not caused by the mapping: restore the earlier handler and let the instruction fault again. */
    sigaction(number, &mapped.before, NULL);
    if (!fault)
        raise(number);
}

static void unmap(void) {
    munmap(mapped.bytes, mapped.length);
    mapped.length = 0;
}

const char *mapped_file_open(int fd, size_t length) {
    struct sigaction action = {.sa_sigaction = replace_missing, .sa_flags = SA_SIGINFO};
    if (mapped.length || !length)
        return NULL;
    void *bytes = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return NULL;
    mapped.bytes = bytes;
    mapped.length = length;
    mapped.page = (size_t)sysconf(_SC_PAGESIZE);
    atomic_store(&mapped.torn, false);
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGBUS, &action, &mapped.before) == 0)
        return bytes;
    unmap();
    return NULL;
}

bool mapped_file_is_whole(void) {
    return !atomic_load(&mapped.torn);
}

void mapped_file_forget(size_t offset, size_t length) {
    if (offset >= mapped.length)
        return;
    size_t left = mapped.length - offset;
    madvise(mapped.bytes + offset, length < left ? length : left, MADV_DONTNEED);
}

void mapped_file_close(void) {
    if (!mapped.length)
        return;
    sigaction(SIGBUS, &mapped.before, NULL);
    unmap();
}
