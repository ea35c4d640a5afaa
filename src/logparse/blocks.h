/* Reads a large plain text file in blocks, on two threads.
 *
 * Either thread turns fast blocks (block.h) into measurements. The caller gets all blocks in order, and
 * processes the other blocks, and lines that cross a block boundary, itself. */
#ifndef LOGPARSE_BLOCKS_H
#define LOGPARSE_BLOCKS_H

#include "logparse/block.h"
#include "util/span.h"

struct log_blocks;

/* Starts to read `fd` at byte `start`, without moving its file position. NULL when blocks would not help: it
 * is not a large file, there is only one processor, or no thread can be created. */
struct log_blocks *log_blocks_open(int fd, size_t start);

/* The next block, valid until log_blocks_release. Blocks after the end of the file are not fast. Instead of
 * waiting for the other thread, this processes further blocks. */
const struct log_block *log_blocks_next(struct log_blocks *blocks);

/* Gives back the block that log_blocks_next returned; its slot may be reused. */
void log_blocks_release(struct log_blocks *blocks);

/* The bytes of the file at `place`: at most `most` and at most LOG_PIECE_SIZE; fewer at the end of the file
 * or when a read fails. `*error` is the errno of a failed read, otherwise 0. Valid until the next call of any
 * of these. */
struct span log_blocks_piece(struct log_blocks *blocks, size_t place, size_t most, int *error);

/* Ends the thread and releases everything. `blocks` may be NULL. */
void log_blocks_close(struct log_blocks *blocks);

#endif
