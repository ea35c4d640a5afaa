/* Allocation that cannot fail: when the system has no memory left the program says "out of memory" and exits
 * with STATUS_FAILED, which the driver treats like any other failure of a stage. Callers therefore never
 * check for NULL. What these return is freed with free(). */
#ifndef UTIL_MEMORY_H
#define UTIL_MEMORY_H

#include <stddef.h>

/* `count` elements of `size` bytes, all zero. A product that overflows size_t counts as out of memory. */
void *memory_zeroed(size_t count, size_t size);

/* `size` bytes, all zero, from an address that is a multiple of `alignment`, a power of two of at least a
 * pointer's size, on. */
void *memory_aligned(size_t alignment, size_t size);

/* `block` (or NULL) resized to `count` elements of `size` bytes; the new part is not initialised. */
void *memory_resize(void *block, size_t count, size_t size);

/* Room for at least `needed` elements in an array that holds `*capacity` of them: grows it geometrically and
 * updates
 * `*capacity`, or returns `block` as it is when the room is there. */
void *memory_reserve(void *block, size_t *capacity, size_t needed, size_t size);

/* A copy of `length` bytes with a NUL behind them. */
char *memory_copy(const char *bytes, size_t length);

/* A copy of a NUL-terminated string; NULL gives NULL. */
char *memory_copy_string(const char *string);

#endif
