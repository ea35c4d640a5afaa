/* Fuzzes pt-logparse with stored logs and records. The output for a file and for a pipe must be the same. */
#include "fuzz/fuzz.h"

#define main logparse_main
#include "pt-logparse.c"
#undef main

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

struct found {
    unsigned long reports, unreadable, records, bad;
};

static void require(bool condition) {
    if (!condition)
        abort();
}

static struct found read_all(int fd, int out) {
    struct run run = {0};
    output_open(&run.output, out);
    run.sink = (struct log_sink){.output = &run.output};
    read_input(&run, fd, "input");
    close(fd);
    output_flush(&run.output);
    struct found found = {run.sink.reports, log_sink_notes(&run.sink), run.records, run.bad};
    text_release(&run.output.pending);
    log_deferred_release(&run.deferred);
    allowed_close(&run.rules.allowed);
    text_release(&run.problem);
    return found;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    int file = memfd_create("input", 0), ends[2], out = open("/dev/null", O_WRONLY);
    require(file >= 0 && out >= 0 && pipe(ends) == 0);
    fcntl(ends[1], F_SETPIPE_SZ, 1024 * 1024);
    require(write(file, bytes, length) == (ssize_t)length && lseek(file, 0, SEEK_SET) == 0);
    require(write(ends[1], bytes, length) == (ssize_t)length);
    close(ends[1]);
    struct found whole = read_all(file, out), piped = read_all(ends[0], out);
    close(out);
    require(memcmp(&whole, &piped, sizeof whole) == 0);
    return 0;
}
