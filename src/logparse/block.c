#include "logparse/block.h"

#include "logparse/prefix.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What was made of a block until now. It is on the stack of who works on it, because blocks that lie beside
 * this one belong to other processors, and something is written for each line. */
struct making {
    struct log_block *block;
    struct text output;
    unsigned long reports;
    bool headed; /* the head of the block was taken */
};

static void begin(struct making *making, struct log_block *block) {
    *making = (struct making){.block = block, .output = block->output};
    text_clear(&making->output);
}

static void end(const struct making *making, bool usual, size_t length) {
    struct log_block *block = making->block;
    block->usual = usual;
    block->length = length;
    block->output = making->output;
    block->reports = making->reports;
}

static void set_text(struct text *text, const char *start, const char *stop) {
    text_clear(text);
    text_append(text, start, (size_t)(stop - start));
}

/* Steps behind the first line of a block, which becomes its head; NULL when its end is not there. */
static const char *take_head(struct making *making, const char *start, const char *stop) {
    const char *newline = memchr(start, '\n', (size_t)(stop - start));
    if (!newline)
        return NULL;
    set_text(&making->block->head, start, newline + 1);
    making->headed = true;
    return newline + 1;
}

/* True when the last of the lines from `start` to `stop` may have opened an object that goes on behind them.
 */
static bool is_open(const char *start, const char *stop) {
    struct log_prefix prefix;
    const char *bracket;
    return log_opening(start, stop, &bracket, &prefix) != NULL;
}

/* Takes the whole lines from `start` on, before `stop`, and returns what is behind them; NULL when they are
 * not usual. */
static const char *take_lines(struct making *making, const char *start, const char *stop) {
    const char *last = memrchr(start, '\n', (size_t)(stop - start));
    last = last ? last + 1 : start;
    const char *lines = making->headed ? start : take_head(making, start, stop);
    bool usual = lines && (lines >= last || log_usual_lines(lines, last, &making->output, &making->reports));
    return usual ? last : NULL;
}

size_t log_block_bytes(int fd, size_t place, char *bytes, size_t length, int *error) {
    size_t done = 0;
    ssize_t got;
    do {
        got = pread(fd, bytes + done, length - done, (off_t)(place + done));
        done += got > 0 ? (size_t)got : 0;
    } while ((got > 0 && done < length) || (got < 0 && errno == EINTR));
    *error = got < 0 ? errno : 0;
    return done;
}

void log_block_read(struct log_block *block, int fd, char *buffer) {
    struct making making;
    char *piece = buffer + MAX_LOG_REST;
    size_t length = 0, rest = 0, wanted, got;
    const char *left;
    bool usual;
    begin(&making, block);
    do {
        int error;
        wanted = block->size - length < LOG_PIECE_SIZE ? block->size - length : LOG_PIECE_SIZE;
        got = log_block_bytes(fd, block->place + length, piece, wanted, &error);
        const char *stop = piece + got;
        left = error ? NULL : take_lines(&making, piece - rest, stop);
        length += got;
        usual = left && stop - left <= MAX_LOG_REST;
        if (usual) {
            rest = (size_t)(stop - left);
            memmove(piece - rest, left, rest);
        }
    } while (usual && got == wanted && length < block->size);
    if (usual)
        set_text(&block->tail, piece - rest, piece);
    end(&making, usual && !is_open(piece, left), length);
}

/* The last lines are read from the buffer, since nothing behind the block may be looked at. */
void log_block_take(struct log_block *block, const char *bytes, char *buffer) {
    struct making making;
    const char *stop = bytes + block->size, *left = NULL;
    begin(&making, block);
    const char *near = take_lines(&making, bytes, stop - USUAL_REPORT_ROOM);
    size_t rest = near ? (size_t)(stop - near) : 0;
    if (near && rest <= MAX_LOG_REST) {
        memcpy(buffer, near, rest);
        left = take_lines(&making, buffer, buffer + rest);
    }
    if (left)
        set_text(&block->tail, left, buffer + rest);
    bool open = left && is_open(bytes, stop - block->tail.length);
    end(&making, left && !open, block->size);
}

void log_block_release(struct log_block *block) {
    text_release(&block->head);
    text_release(&block->tail);
    text_release(&block->output);
}
