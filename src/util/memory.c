#include "util/memory.h"

#include "util/diagnostics.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void out_of_memory(void) {
    report_error("out of memory");
    exit(STATUS_FAILED);
}

void *memory_zeroed(size_t count, size_t size) {
    void *block = calloc(count ? count : 1, size ? size : 1);
    if (!block)
        out_of_memory();
    return block;
}

void *memory_aligned(size_t alignment, size_t size) {
    void *block;
    if (posix_memalign(&block, alignment, size ? size : 1) != 0)
        out_of_memory();
    return memset(block, 0, size);
}

void *memory_resize(void *block, size_t count, size_t size) {
    if (size && count > SIZE_MAX / size)
        out_of_memory();
    size_t bytes = count * size;
    block = realloc(block, bytes ? bytes : 1);
    if (!block)
        out_of_memory();
    return block;
}

void *memory_reserve(void *block, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity && block)
        return block;
    size_t grown = *capacity < 16 ? 16 : *capacity;
    while (grown < needed) {
        if (grown > SIZE_MAX / 2)
            out_of_memory();
        grown *= 2;
    }
    block = memory_resize(block, grown, size);
    *capacity = grown;
    return block;
}

char *memory_copy(const char *bytes, size_t length) {
    if (length == SIZE_MAX)
        out_of_memory();
    char *copy = memory_resize(NULL, length + 1, 1);
    if (length)
        memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

char *memory_copy_string(const char *string) {
    return string ? memory_copy(string, strlen(string)) : NULL;
}
