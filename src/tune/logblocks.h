/* Large files of plain text in blocks that several processors look at, each a block at a time.
 *
 * Almost all of such a log is of one kind: lines that are no report, and reports as the platform writes them,
 * each on a line of its own. A block whose whole lines have nothing else in them ("usual" ones) is turned
 * into measurements by whichever thread has it; what they become does not depend on anything before them.
 * Other blocks, and the lines that lie across two, are left to the caller, who gets the blocks in their
 * order. */
#ifndef TUNE_LOGBLOCKS_H
#define TUNE_LOGBLOCKS_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* A block is read in pieces, which stay in the second cache of their processor. */
enum { LOG_PIECE_SIZE = 64 * 1024, LOG_BLOCK_SIZE = 8 * LOG_PIECE_SIZE, LOG_BLOCKS_WORTH = 4 * 1024 * 1024 };

struct log_block {
    size_t place;          /* of its first byte in the file */
    bool usual;            /* all below is there; otherwise nothing of the block was kept */
    size_t length;         /* LOG_BLOCK_SIZE, but for the last block, which may be empty */
    struct text head;      /* up to its first newline */
    struct text tail;      /* what is behind its last newline */
    struct text output;    /* the measurements of the lines between, a line each */
    unsigned long reports; /* in `output` */
};

struct log_blocks;

/* True when it pays: a file with LOG_BLOCKS_WORTH bytes, and more than one processor. */
bool log_blocks_pay(int fd);

/* Begins to read `fd` from byte `start` on, without moving its position. NULL when no thread can be had. */
struct log_blocks *log_blocks_open(int fd, size_t start);

/* The next block, valid until log_blocks_release gives it back. Behind the end of the file come blocks that
 * are not usual. The caller works on blocks himself while he would have to wait. */
const struct log_block *log_blocks_next(struct log_blocks *blocks);
void log_blocks_release(struct log_blocks *blocks);

/* The bytes of the file from `place` on, at most `most` and LOG_PIECE_SIZE; fewer at its end or when a read
 * has failed, with `*error` its errno, otherwise 0. Valid until the next call of any of these. */
struct span log_blocks_piece(struct log_blocks *blocks, size_t place, size_t most, int *error);

/* Ends the threads. NULL is allowed. */
void log_blocks_close(struct log_blocks *blocks);

/* Turns the lines from `at` to `end` into measurements, which are appended to `output` and added to
 * `*reports`. False when a line is not usual; `output` is then of no use. The last line must have its
 * newline, and USUAL_REPORT_ROOM bytes behind `end` must be readable. */
bool log_usual_lines(const char *at, const char *end, struct text *output, unsigned long *reports);

#endif
