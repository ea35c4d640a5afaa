/* A shared library for LD_PRELOAD: shifts the time of day by CLOCK_SHIFT seconds. Other clocks, such as
 * the monotonic one, are unchanged. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static long shift(void) {
    const char *seconds = getenv("CLOCK_SHIFT");
    return seconds ? strtol(seconds, NULL, 10) : 0;
}

/* ISO C has no conversion from an object's address to a function's. */
static void *next(const char *name, void *function, size_t size) {
    void *address = dlsym(RTLD_NEXT, name);
    return memcpy(function, &address, size);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = NULL;
    next("clock_gettime", &real, sizeof real);
    int failed = real(clock, now);
    if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        now->tv_sec += shift();
    return failed;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result)
        *result = now.tv_sec;
    return now.tv_sec;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec precise;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &precise);
    *now = (struct timeval){precise.tv_sec, precise.tv_nsec / 1000};
    return 0;
}
