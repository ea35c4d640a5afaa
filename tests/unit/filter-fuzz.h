/* Runs a filter in this process, its main renamed, on every prefix of valid input and on mutations of it from
 * a fixed seed: it must come back, with one of its exit codes. The sanitizers say the rest.
 *
 * The including file defines FILTER_MAIN, the renamed main. */
#ifndef UNIT_FILTER_FUZZ_H
#define UNIT_FILTER_FUZZ_H

#include "unit/unit.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MAX_FUZZ = 16 * 1024 };

static uint64_t fuzz_state = UINT64_C(0x2545f4914f6cdd1d);

static size_t fuzz_random(size_t below) {
    fuzz_state ^= fuzz_state << 13;
    fuzz_state ^= fuzz_state >> 7;
    fuzz_state ^= fuzz_state << 17;
    return below ? (size_t)(fuzz_state % below) : 0;
}

/* The exit code of the filter on `input`, with its output and messages thrown away. */
static int fuzz_run(char **arguments, const char *input, size_t length) {
    char *copy[8] = {NULL};
    int count = 0, out = dup(STDOUT_FILENO), err = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
    int file = memfd_create("input", 0);
    for (; arguments[count] && count < 7; count++)
        copy[count] = arguments[count];
    bool ready = file >= 0 && null >= 0 && write(file, input, length) == (ssize_t)length &&
                 lseek(file, 0, SEEK_SET) == 0;
    fflush(stdout);
    dup2(file, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    optind = 0;
    int status = ready ? FILTER_MAIN(count, copy) : -1;
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    close(out);
    close(err);
    close(null);
    close(file);
    return status;
}

static bool fuzz_good(char **arguments, const char *input, size_t length) {
    int status = fuzz_run(arguments, input, length);
    if (status >= 0 && status <= 2)
        return true;
    printf("# exit code %d on %zu bytes: %.*s\n", status, length, (int)(length < 300 ? length : 300), input);
    return false;
}

static size_t fuzz_mutate(char *bytes, size_t length, const char *const *corpus, size_t corpus_count) {
    static const char *const tokens[] = {"{",
                                         "}",
                                         "[",
                                         "]",
                                         "\"",
                                         "\\",
                                         "\n",
                                         "\t",
                                         "REPORT RequestId: ",
                                         "platform.report",
                                         "ms",
                                         "MB",
                                         "99999999999999999999",
                                         "-1",
                                         "1e999",
                                         "null",
                                         "\\u0000",
                                         "\xff",
                                         "\r\n",
                                         ",",
                                         "\"\"",
                                         "{\"type\":",
                                         "Duration: ",
                                         ": ",
                                         "0.0000000000000000001",
                                         "|",
                                         "[a] ",
                                         "2024-05-01T10:00:03.005Z"};
    for (size_t edits = 1 + fuzz_random(4); edits; edits--) {
        size_t at = fuzz_random(length + 1), room = MAX_FUZZ - length;
        const char *token = tokens[fuzz_random(sizeof tokens / sizeof *tokens)];
        const char *other = corpus[fuzz_random(corpus_count)];
        size_t cut = fuzz_random(length - at < 40 ? length - at : 40);
        size_t added = strlen(token);
        switch (fuzz_random(5)) {
        case 0:
            if (at < length)
                bytes[at] = (char)fuzz_random(256);
            continue;
        case 1:
            memmove(bytes + at, bytes + at + cut, length - at - cut);
            length -= cut;
            continue;
        case 2:
            token = other + fuzz_random(strlen(other));
            added = fuzz_random(strlen(token) + 1);
            break;
        case 3:
            token = bytes + at;
            added = 0;
            if (cut <= room) {
                memmove(bytes + at + cut, bytes + at, length - at);
                length += cut;
            }
            continue;
        default:
            break;
        }
        if (added > room)
            continue;
        memmove(bytes + at + added, bytes + at, length - at);
        memcpy(bytes + at, token, added);
        length += added;
    }
    return length;
}

static void fuzz_prefixes(char **arguments, const char *const *corpus, size_t corpus_count) {
    for (size_t i = 0; i < corpus_count; i++)
        for (size_t length = 0; length <= strlen(corpus[i]); length++)
            CHECK(fuzz_good(arguments, corpus[i], length));
}

static void fuzz_mutations(char **arguments, const char *const *corpus, size_t corpus_count, size_t rounds) {
    static char bytes[MAX_FUZZ];
    for (size_t i = 0; i < rounds; i++) {
        const char *seed = corpus[fuzz_random(corpus_count)];
        size_t length = strlen(seed);
        memcpy(bytes, seed, length);
        CHECK(fuzz_good(arguments, bytes, fuzz_mutate(bytes, length, corpus, corpus_count)));
    }
}

#endif
