/* primes: CPU work only. Counts the primes up to n by trial division. More memory makes it faster, up to the one core that
 * it can use. */
#include "../runtime.h"

#include <stdbool.h>
#include <stdio.h>

/* About 80 ms on one core of a machine of 2025. */
enum { DEFAULT_N = 1100000 };

static bool is_prime(long number) {
    if (number < 4)
        return number > 1;
    if (number % 2 == 0)
        return false;
    for (long divisor = 3; divisor * divisor <= number; divisor += 2)
        if (number % divisor == 0)
            return false;
    return true;
}

static void count_primes(long n, char *answer, size_t size) {
    long count = 0, most = n > 0 ? n : DEFAULT_N;
    for (long number = 2; number <= most; number++)
        count += is_prime(number);
    snprintf(answer, size, "{\"n\":%ld,\"primes\":%ld}", most, count);
}

int main(void) {
    return runtime_serve(count_primes);
}
