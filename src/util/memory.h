/* Allocation that never returns NULL: when memory runs out, the program reports "out of memory" and exits
 * with STATUS_FAILED, which the driver treats like any other failure of a stage. Free the blocks with
 * free(). */
#ifndef UTIL_MEMORY_H
#define UTIL_MEMORY_H

#include <stddef.h>

/* Allocates `count` elements of `size` bytes, all zero. A product that overflows size_t counts as out of
 * memory. */
void *memory_zeroed(size_t count, size_t size);

/* Allocates `size` bytes, all zero, at an address that is a multiple of `alignment`: a power of two, at least
 * the size of a pointer. */
void *memory_aligned(size_t alignment, size_t size);

/* Resizes `block` (or NULL) to `count` elements of `size` bytes. New bytes are not initialised. */
void *memory_resize(void *block, size_t count, size_t size);

/* Makes room for at least `needed` elements of `size` bytes in an array with room for `*capacity`. Grows the
 * array geometrically and updates `*capacity`, or returns `block` unchanged when it is large enough. */
void *memory_reserve(void *block, size_t *capacity, size_t needed, size_t size);

/* Copies `length` bytes and adds a NUL. */
char *memory_copy(const char *bytes, size_t length);

/* Copies a NUL-terminated string; returns NULL for NULL. */
char *memory_copy_string(const char *string);

#endif
