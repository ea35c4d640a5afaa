#include "local/store/stamps.h"

#include "util/timestamp.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static void random_bytes(unsigned char *bytes, size_t length) {
    if (getrandom(bytes, length, 0) != (ssize_t)length)
        abort();
}

void stamp_hex(char *hex, size_t digits) {
    unsigned char byte = 0;
    for (size_t i = 0; i < digits; i++) {
        if (i % 2 == 0)
            random_bytes(&byte, 1);
        hex[i] = "0123456789abcdef"[i % 2 ? byte >> 4 : byte & 15];
    }
    hex[digits] = '\0';
}

void stamp_uuid(char uuid[static UUID_SIZE]) {
    unsigned char b[16];
    random_bytes(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    snprintf(uuid, UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
             b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static void format_time(char *out, const char *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    char seconds[24];
    timestamp_format(now.tv_sec, "%Y-%m-%dT%H:%M:%S", seconds, sizeof seconds);
    snprintf(out, TIMESTAMP_SIZE, "%s.%03d%s", seconds, (int)(now.tv_nsec / 1000000), zone);
}

void stamp_log_time(char time[static TIMESTAMP_SIZE]) {
    format_time(time, "Z");
}

void stamp_modified_time(char time[static TIMESTAMP_SIZE]) {
    format_time(time, "+0000");
}

long long stamp_unix_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
