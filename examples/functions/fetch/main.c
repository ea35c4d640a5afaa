/* fetch: mostly waits, as for a response from another service, and works a little. More memory makes it hardly faster, so
 * the smallest size is the cheapest. */
#include "../runtime.h"

#include <stdio.h>
#include <time.h>

/* Milliseconds to wait, and steps of work: about 0.2 ms of a core. */
enum { DEFAULT_WAIT_MS = 60, STEPS = 100000 };

static unsigned long digest(void) {
    unsigned long sum = 5381;
    for (volatile unsigned long i = 0; i < STEPS; i++)
        sum = sum * 33 + i;
    return sum;
}

static void fetch(long n, char *answer, size_t size) {
    long wait_ms = n > 0 ? n : DEFAULT_WAIT_MS;
    struct timespec left = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0)
        ;
    snprintf(answer, size, "{\"waitedMs\":%ld,\"digest\":%lu}", wait_ms, digest());
}

int main(void) {
    return runtime_serve(fetch);
}
