/* One block of a large file of plain text, turned into measurements by itself.
 *
 * Almost all of such a log is of one kind: lines that are no report, and reports as the platform writes them,
 * each on a line of its own. A block whose whole lines have nothing else in them ("usual" ones) becomes the
 * same measurements whatever stands before it. */
#ifndef LOGPARSE_BLOCK_H
#define LOGPARSE_BLOCK_H

#include "logparse/fast-report.h"
#include "util/text.h"

#include <stdbool.h>

/* A block is read in pieces, which stay in the second cache of their processor. */
enum { LOG_PIECE_SIZE = 64 * 1024, LOG_BLOCK_SIZE = 8 * LOG_PIECE_SIZE };

/* A buffer has what is left of the piece before, a line that is not whole, in front of a piece. The pieces
 * begin where pages do, as those that the kernel copies them from: for each store to wait for the loads some
 * bytes behind it in another page takes half as long again. */
enum {
    LOG_PAGE = 4096,
    MAX_LOG_REST = 4 * LOG_PAGE,
    LOG_BUFFER_SIZE = MAX_LOG_REST + LOG_PIECE_SIZE + USUAL_REPORT_ROOM
};

struct log_block {
    size_t place, size;    /* of the block in the file; LOG_BLOCK_SIZE at most */
    bool usual;            /* all below is there; otherwise nothing of the block was kept */
    size_t length;         /* that was there: less than the size at the end of the file */
    struct text head;      /* up to its first newline */
    struct text tail;      /* what is behind its last newline */
    struct text output;    /* the measurements of the lines between, a line each */
    unsigned long reports; /* in `output` */
};

void log_block_release(struct log_block *block);

/* Reads the bytes of the file from `place` on; returns how many there were. `*error` is the errno of a read
 * that failed, otherwise 0. */
size_t log_block_bytes(int fd, size_t place, char *bytes, size_t length, int *error);

/* Reads the block from the file, as long as it is usual. `buffer`: LOG_BUFFER_SIZE bytes. */
void log_block_read(struct log_block *block, int fd, char *buffer);

/* The same for a block whose bytes, LOG_REST_MOST at least, are in memory. They may change meanwhile: what
 * comes out is then worth nothing, and nothing worse happens. */
void log_block_take(struct log_block *block, const char *bytes, char *buffer);

/* Turns the lines from `at` to `end` into measurements, which are appended to `output` and added to
 * `*reports`. False when a line is not usual; `output` is then of no use. The last line must have its
 * newline, and USUAL_REPORT_ROOM bytes behind `end` must be readable. */
bool log_usual_lines(const char *at, const char *end, struct text *output, unsigned long *reports);

#endif
