/* A block of a large plain text file, processed independently of the blocks before it.
 *
 * Such a log consists almost only of lines without a report, and of reports as the platform writes them, each
 * on a line of its own. A block whose whole lines are all of these kinds is "fast": it gives the same
 * measurements whatever precedes it. */
#ifndef LOGPARSE_BLOCK_H
#define LOGPARSE_BLOCK_H

#include "logparse/fast-report.h"
#include "util/text.h"

#include <stdbool.h>

/* A block is read in pieces that fit in the L2 cache. */
enum { LOG_PIECE_SIZE = 64 * 1024, LOG_BLOCK_SIZE = 8 * LOG_PIECE_SIZE };

/* A buffer holds the incomplete line left over from the previous piece, directly before the current piece.
 * Pieces begin at page boundaries, like the pages that the kernel copies them from: at another offset, stores
 * wait for loads at the same place in another page, and copying takes half as long again. */
enum {
    LOG_PAGE = 4096,
    MAX_LOG_REST = 4 * LOG_PAGE,
    LOG_BUFFER_SIZE = MAX_LOG_REST + LOG_PIECE_SIZE + FAST_REPORT_ROOM
};

struct log_block {
    size_t place, size;    /* position in the file, and size: at most LOG_BLOCK_SIZE */
    bool fast;             /* the members below are set; otherwise nothing of the block was kept */
    size_t length;         /* bytes read: less than `size` at the end of the file */
    struct text head;      /* the bytes up to and including the first newline */
    struct text tail;      /* the bytes after the last newline */
    struct text output;    /* the measurement records of the lines between, one per line */
    unsigned long reports; /* number of records in `output` */
};

/* Releases the texts of the block, not the block itself. */
void log_block_release(struct log_block *block);

/* Reads up to `length` bytes of the file at `place`; returns the number read, which is less at the end of the
 * file or after an error. `*error` is the errno of a failed read, otherwise 0. */
size_t log_block_bytes(int fd, size_t place, char *bytes, size_t length, int *error);

/* Reads and processes the block, up to the first line that is not fast. The caller has set `place` and
 * `size`; `buffer` has LOG_BUFFER_SIZE bytes. */
void log_block_read(struct log_block *block, int fd, char *buffer);

/* Processes a block whose bytes are in memory at `bytes`: `size` of them, at least FAST_REPORT_ROOM. Another
 * process may change them meanwhile; the result is then meaningless, but memory stays safe. `buffer` has
 * LOG_BUFFER_SIZE bytes. */
void log_block_take(struct log_block *block, const char *bytes, char *buffer);

/* Appends the measurement records of the lines from `at` to `end` to `output`, and adds their number to
 * `*reports`. False when a line is not fast; the contents of `output` are then unspecified. The last line
 * must have its newline, and FAST_REPORT_ROOM bytes after `end` must be readable. */
bool log_fast_lines(const char *at, const char *end, struct text *output, unsigned long *reports);

#endif
