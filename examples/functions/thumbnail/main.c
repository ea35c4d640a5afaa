/* thumbnail: needs memory. Fills a picture of n MB and makes a small one from it. With less memory it cannot run at all: 128
 * and 256 MB are not enough for the default of 300 MB. */
#include "../runtime.h"

#include <stdio.h>
#include <stdlib.h>

enum { DEFAULT_MB = 300, SIDE = 64 };

static unsigned long shrink(const unsigned char *picture, size_t length) {
    unsigned long sum = 0;
    size_t step = length / (SIDE * SIDE);
    for (size_t at = 0; at < length; at += step)
        sum += picture[at];
    return sum;
}

/* The memory is kept for the next invocation, so that it is allocated only once. */
static unsigned char *picture_memory(size_t length) {
    static unsigned char *picture;
    static size_t capacity;
    if (capacity < length) {
        free(picture);
        picture = malloc(length);
        capacity = picture ? length : 0;
    }
    return picture;
}

static void make_thumbnail(long n, char *answer, size_t size) {
    long megabytes = n > 0 ? n : DEFAULT_MB;
    size_t length = (size_t)megabytes * 1024 * 1024;
    unsigned char *picture = picture_memory(length);
    if (!picture) {
        snprintf(answer, size, "{\"error\":\"no memory for %ld MB\"}", megabytes);
        return;
    }
    /* Writes to every kilobyte, so that each page is really allocated. */
    for (size_t at = 0; at < length; at += 1024)
        picture[at] = (unsigned char)(at >> 10);
    snprintf(answer, size, "{\"megabytes\":%ld,\"sum\":%lu}", megabytes, shrink(picture, length));
}

int main(void) {
    return runtime_serve(make_thumbnail);
}
