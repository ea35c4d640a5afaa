/* Reads a large plain text file in blocks, on two threads, each block independently of those before it.
 *
 * Such a log consists almost only of lines without a report, and of reports that the fast path takes
 * (logparse/fast.h). A block whose whole lines are all of these kinds is "fast": it gives the same
 * measurements whatever precedes it. The caller gets all blocks in order, and processes the other blocks, and
 * lines that cross a block boundary, itself.
 *
 * What it gives, of a log as `make bench-logs` makes it, where grep takes 1: pt-logparse 0.38 with two
 * threads, 0.7 with one, whatever one thread reads with: pieces of 64 KiB (0.73), 256 KiB (0.80), 1 MiB
 * (0.85), or the mapped file (0.68). It costs no processor time (0.6 of grep's, one thread 0.7).
 *
 * Tried and left out: mapping the file for two threads (0.39; 0.43 instead of 0.37 for a file that was
 * written in pieces of 4 KiB), which needs a SIGBUS handler; io_uring (reading and scanning alone: 0.29 as
 * with pread, with kernel threads 0.32); posix_fadvise with WILLNEED (3.2). */
#ifndef LOGPARSE_BLOCKS_H
#define LOGPARSE_BLOCKS_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct log_block {
    size_t place, size;    /* position in the file, and size, of which the file may have less */
    bool fast;             /* the members below are set; otherwise nothing of the block was kept */
    size_t length;         /* bytes read: less than `size` at the end of the file */
    struct text head;      /* the bytes up to and including the first newline */
    struct text tail;      /* the bytes after the last newline */
    struct text output;    /* the measurement records of the lines between, one per line */
    unsigned long reports; /* number of records in `output` */
};

struct log_blocks;

/* Starts to read `fd` at byte `start`, without moving its file position. NULL when blocks would not help: it
 * is not a large file, there is only one processor, or no thread can be created. */
struct log_blocks *log_blocks_open(int fd, size_t start);

/* The next block, valid until log_blocks_release. Blocks after the end of the file are not fast. Instead of
 * waiting for the other thread, this processes further blocks. */
const struct log_block *log_blocks_next(struct log_blocks *blocks);

/* Gives back the block that log_blocks_next returned; its slot may be reused. */
void log_blocks_release(struct log_blocks *blocks);

/* The bytes of the file at `place`: at most `most`, and at most a piece (64 KiB); fewer at the end of the
 * file or when a read fails. `*error` is the errno of a failed read, otherwise 0. Valid until the next call
 * of any of these. */
struct span log_blocks_piece(struct log_blocks *blocks, size_t place, size_t most, int *error);

/* Ends the thread and releases everything. `blocks` may be NULL. */
void log_blocks_close(struct log_blocks *blocks);

#endif
