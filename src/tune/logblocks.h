/* Large files of plain text in blocks that several processors look at, each a block at a time.
 *
 * Almost all of such a log is of one kind: lines that are no report, and reports as the platform writes them,
 * each on a line of its own. The whole lines of a block that have nothing else in them ("usual" ones) are
 * turned into measurements by whichever thread has the block; what they become does not depend on anything
 * before them. Everything else, and the lines that lie across two blocks, is left to the caller, who gets the
 * blocks in their order. */
#ifndef TUNE_LOGBLOCKS_H
#define TUNE_LOGBLOCKS_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* A block stays in the second cache of its processor, together with what is made of it. */
enum { LOG_BLOCK_SIZE = 64 * 1024, LOG_BLOCKS_WORTH = 4 * 1024 * 1024 };

struct log_block {
    size_t place;     /* of its first byte in the file */
    size_t length;    /* LOG_BLOCK_SIZE, but for the last block, which may be empty */
    int error;        /* errno of a read that failed, or 0 */
    struct text head; /* up to its first newline; the whole block without one */
    struct text tail; /* what is behind its last newline */
    bool usual;       /* `output` holds all measurements of the lines between, a line each */
    struct text output;
    unsigned long reports; /* in `output` */
};

struct log_blocks;

/* True when it pays: a file with LOG_BLOCKS_WORTH bytes, and more than one processor. */
bool log_blocks_pay(int fd);

/* Begins to read `fd` from byte `start` on, without moving its position. NULL when no thread can be had. */
struct log_blocks *log_blocks_open(int fd, size_t start);

/* The next block, valid until log_blocks_release gives it back; a block shorter than LOG_BLOCK_SIZE is the
 * last. The caller works on blocks himself while he would have to wait. */
const struct log_block *log_blocks_next(struct log_blocks *blocks);
void log_blocks_release(struct log_blocks *blocks);

/* The lines of a block between its head and its tail, read again: a block is looked at where it was read, and
 * does not go from one processor to another. Valid until the next call of any of these. */
struct span log_blocks_lines(struct log_blocks *blocks, const struct log_block *block);

/* Ends the threads. NULL is allowed. */
void log_blocks_close(struct log_blocks *blocks);

/* Turns the lines from `at` to `end` into measurements, which are appended to `output`. False when a line is
 * not usual; `output` is then of no use. The last line must have its newline, and USUAL_REPORT_ROOM bytes
 * behind `end` must be readable. */
bool log_usual_lines(const char *at, const char *end, struct text *output, unsigned long *reports);

#endif
