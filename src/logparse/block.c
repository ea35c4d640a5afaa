#include "logparse/block.h"

#include "logparse/prefix.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The state of a block in work. It is on the thread's stack, and not in the block, because it changes with
 * every line and the neighbouring blocks belong to other processors (false sharing). */
struct work {
    struct log_block *block;
    struct text output;
    unsigned long reports;
    bool headed; /* the head of the block is set */
};

static void begin(struct work *work, struct log_block *block) {
    *work = (struct work){.block = block, .output = block->output};
    text_clear(&work->output);
}

static void end(const struct work *work, bool fast, size_t length) {
    struct log_block *block = work->block;
    block->fast = fast;
    block->length = length;
    block->output = work->output;
    block->reports = work->reports;
}

static void set_text(struct text *text, const char *start, const char *stop) {
    text_clear(text);
    text_append(text, start, (size_t)(stop - start));
}

/* Makes the first line the head of the block and returns the position after it; NULL when the line is
 * incomplete. */
static const char *take_head(struct work *work, const char *start, const char *stop) {
    const char *newline = memchr(start, '\n', (size_t)(stop - start));
    if (!newline)
        return NULL;
    set_text(&work->block->head, start, newline + 1);
    work->headed = true;
    return newline + 1;
}

/* True when the last of the lines from `start` to `stop` may open an object that continues after them. */
static bool is_open(const char *start, const char *stop) {
    struct log_prefix prefix;
    const char *bracket;
    return log_opening(start, stop, &bracket, &prefix) != NULL;
}

/* Processes the whole lines between `start` and `stop` and returns the position after them; NULL when one is
 * not fast. */
static const char *take_lines(struct work *work, const char *start, const char *stop) {
    const char *last = memrchr(start, '\n', (size_t)(stop - start));
    last = last ? last + 1 : start;
    const char *lines = work->headed ? start : take_head(work, start, stop);
    bool fast = lines && (lines >= last || log_fast_lines(lines, last, &work->output, &work->reports));
    return fast ? last : NULL;
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
    struct work work;
    char *piece = buffer + MAX_LOG_REST;
    size_t length = 0, rest = 0, wanted, got;
    const char *left;
    bool fast;
    begin(&work, block);
    do {
        int error;
        wanted = block->size - length < LOG_PIECE_SIZE ? block->size - length : LOG_PIECE_SIZE;
        got = log_block_bytes(fd, block->place + length, piece, wanted, &error);
        const char *stop = piece + got;
        left = error ? NULL : take_lines(&work, piece - rest, stop);
        length += got;
        fast = left && stop - left <= MAX_LOG_REST;
        if (fast) {
            rest = (size_t)(stop - left);
            memmove(piece - rest, left, rest);
        }
    } while (fast && got == wanted && length < block->size);
    if (fast)
        set_text(&block->tail, piece - rest, piece);
    end(&work, fast && !is_open(piece, left), length);
}

/* The last lines are copied to the buffer first, because nothing after the block may be read. */
void log_block_take(struct log_block *block, const char *bytes, char *buffer) {
    struct work work;
    const char *stop = bytes + block->size, *left = NULL;
    begin(&work, block);
    const char *near = take_lines(&work, bytes, stop - FAST_REPORT_ROOM);
    size_t rest = near ? (size_t)(stop - near) : 0;
    if (near && rest <= MAX_LOG_REST) {
        memcpy(buffer, near, rest);
        left = take_lines(&work, buffer, buffer + rest);
    }
    if (left)
        set_text(&block->tail, left, buffer + rest);
    bool open = left && is_open(bytes, stop - block->tail.length);
    end(&work, left && !open, block->size);
}

void log_block_release(struct log_block *block) {
    text_release(&block->head);
    text_release(&block->tail);
    text_release(&block->output);
}
