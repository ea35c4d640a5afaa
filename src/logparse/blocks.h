/* Large files of plain text in blocks that several processors work on.
 *
 * Usual blocks (tune/logblock.h) are turned into measurements by whichever thread has them. Other blocks, and
 * the lines that lie across two, are left to the caller, who gets the blocks in their order. */
#ifndef LOGPARSE_BLOCKS_H
#define LOGPARSE_BLOCKS_H

#include "logparse/block.h"
#include "util/span.h"

struct log_blocks;

/* Begins to read `fd` from byte `start` on, without moving its position. NULL when it does not pay: it is no
 * large file, there is one processor alone, or no thread can be had. */
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

#endif
