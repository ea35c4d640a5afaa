#include "logparse/blocks.h"

#include "logparse/fast.h"
#include "logparse/prefix.h"
#include "util/memory.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The caller and one thread work on blocks. A third would not be faster, because all output goes through one
 * file. A block is read in pieces that fit in the L2 cache.
 *
 * A buffer holds the incomplete line left over from the previous piece, directly before the current piece.
 * Pieces begin at page boundaries, like the pages that the kernel copies them from: at another offset, stores
 * wait for loads at the same place in another page, and copying takes half as long again. */
enum {
    WORTH = 4 * 1024 * 1024, /* the smallest file to read in blocks */
    THREADS = 2,
    SLOTS = 3 * THREADS,
    STACK_SIZE = 256 * 1024,
    PAGE = 4096,
    PIECE_SIZE = 64 * 1024,
    BLOCK_SIZE = 8 * PIECE_SIZE,
    MAX_REST = 4 * PAGE,
    BUFFER_SIZE = MAX_REST + PIECE_SIZE + LOG_FAST_ROOM
};

struct slot {
    struct log_block block;
    bool done;
};

/* Block number N begins at N * BLOCK_SIZE in the file and is in slot N % SLOTS. The blocks before `next` were
 * given to the caller; those from `next` to before `claimed` are in work or done. */
struct log_blocks {
    int fd;
    size_t start;
    pthread_t thread;
    char *buffers[THREADS]; /* owned; the first is for the caller */
    pthread_mutex_t lock;
    pthread_cond_t done, room;
    struct slot slots[SLOTS];
    size_t next, claimed;
    bool stopped;
};

/* ---- a block ---- */

/* A block in work. It is on the thread's stack, and not in its slot, because it changes with every line and
 * the neighbouring slots belong to other processors (false sharing). */
struct work {
    struct log_block block;
    bool headed; /* the head of the block is set */
};

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
    set_text(&work->block.head, start, newline + 1);
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
    bool fast =
        lines && (lines >= last || log_fast_lines(lines, last, &work->block.output, &work->block.reports));
    return fast ? last : NULL;
}

/* Reads up to `length` bytes at `place` and returns their number: less at the end of the file or after an
 * error. */
static size_t read_bytes(int fd, size_t place, char *bytes, size_t length, int *error) {
    size_t done = 0;
    ssize_t got;
    do {
        got = pread(fd, bytes + done, length - done, (off_t)(place + done));
        done += got > 0 ? (size_t)got : 0;
    } while ((got > 0 && done < length) || (got < 0 && errno == EINTR));
    *error = got < 0 ? errno : 0;
    return done;
}

/* Reads and processes the block, up to the first line that is not fast. */
static void read_block(struct log_block *block, int fd, char *buffer) {
    struct work work = {.block = *block};
    char *piece = buffer + MAX_REST;
    size_t length = 0, rest = 0, wanted, got;
    const char *left;
    bool fast;
    text_clear(&work.block.output);
    work.block.reports = 0;
    do {
        int error;
        wanted = block->size - length < PIECE_SIZE ? block->size - length : PIECE_SIZE;
        got = read_bytes(fd, block->place + length, piece, wanted, &error);
        const char *stop = piece + got;
        left = error ? NULL : take_lines(&work, piece - rest, stop);
        length += got;
        fast = left && stop - left <= MAX_REST;
        if (fast) {
            rest = (size_t)(stop - left);
            memmove(piece - rest, left, rest);
        }
    } while (fast && got == wanted && length < block->size);
    if (fast)
        set_text(&work.block.tail, piece - rest, piece);
    work.block.fast = fast && !is_open(piece, left);
    work.block.length = length;
    *block = work.block;
}

/* ---- two threads ---- */

/* Processes the next unclaimed block; false when no slot is free. The caller holds the lock, which is
 * released meanwhile. */
static bool work_on_next(struct log_blocks *blocks, char *buffer) {
    if (blocks->claimed - blocks->next >= SLOTS)
        return false;
    size_t number = blocks->claimed++, place = number * BLOCK_SIZE;
    struct slot *slot = &blocks->slots[number % SLOTS];
    slot->done = false;
    pthread_mutex_unlock(&blocks->lock);
    slot->block.place = place < blocks->start ? blocks->start : place;
    slot->block.size = place + BLOCK_SIZE - slot->block.place;
    read_block(&slot->block, blocks->fd, buffer);
    pthread_mutex_lock(&blocks->lock);
    slot->done = true;
    pthread_cond_signal(&blocks->done);
    return true;
}

static void *run_thread(void *context) {
    struct log_blocks *blocks = context;
    pthread_mutex_lock(&blocks->lock);
    while (!blocks->stopped)
        if (!work_on_next(blocks, blocks->buffers[1]))
            pthread_cond_wait(&blocks->room, &blocks->lock);
    pthread_mutex_unlock(&blocks->lock);
    return NULL;
}

static bool several_processors(void) {
    cpu_set_t processors;
    return sched_getaffinity(0, sizeof processors, &processors) == 0 && CPU_COUNT(&processors) > 1;
}

static bool start_thread(struct log_blocks *blocks) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    bool started = pthread_create(&blocks->thread, &attributes, run_thread, blocks) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

static void release_block(struct log_block *block) {
    text_release(&block->head);
    text_release(&block->tail);
    text_release(&block->output);
}

static void release(struct log_blocks *blocks) {
    pthread_cond_destroy(&blocks->done);
    pthread_cond_destroy(&blocks->room);
    pthread_mutex_destroy(&blocks->lock);
    for (size_t i = 0; i < THREADS; i++)
        free(blocks->buffers[i]);
    for (size_t i = 0; i < SLOTS; i++)
        release_block(&blocks->slots[i].block);
    free(blocks);
}

struct log_blocks *log_blocks_open(int fd, size_t start) {
    struct stat status;
    if (!LOGPARSE_FAST || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < WORTH ||
        !several_processors())
        return NULL;
    struct log_blocks *blocks = memory_zeroed(1, sizeof *blocks);
    blocks->fd = fd;
    blocks->start = start;
    blocks->next = blocks->claimed = start / BLOCK_SIZE;
    for (size_t i = 0; i < THREADS; i++)
        blocks->buffers[i] = memory_aligned(PAGE, BUFFER_SIZE);
    pthread_mutex_init(&blocks->lock, NULL);
    pthread_cond_init(&blocks->done, NULL);
    pthread_cond_init(&blocks->room, NULL);
    if (start_thread(blocks))
        return blocks;
    release(blocks);
    return NULL;
}

const struct log_block *log_blocks_next(struct log_blocks *blocks) {
    pthread_mutex_lock(&blocks->lock);
    size_t number = blocks->next;
    struct slot *slot = &blocks->slots[number % SLOTS];
    while (number >= blocks->claimed || !slot->done)
        if (!work_on_next(blocks, blocks->buffers[0]))
            pthread_cond_wait(&blocks->done, &blocks->lock);
    pthread_mutex_unlock(&blocks->lock);
    return &slot->block;
}

void log_blocks_release(struct log_blocks *blocks) {
    pthread_mutex_lock(&blocks->lock);
    blocks->next++;
    pthread_cond_signal(&blocks->room);
    pthread_mutex_unlock(&blocks->lock);
}

struct span log_blocks_piece(struct log_blocks *blocks, size_t place, size_t most, int *error) {
    char *buffer = blocks->buffers[0] + MAX_REST;
    size_t wanted = most < PIECE_SIZE ? most : PIECE_SIZE;
    return (struct span){buffer, read_bytes(blocks->fd, place, buffer, wanted, error)};
}

void log_blocks_close(struct log_blocks *blocks) {
    if (!blocks)
        return;
    pthread_mutex_lock(&blocks->lock);
    blocks->stopped = true;
    pthread_cond_broadcast(&blocks->room);
    pthread_mutex_unlock(&blocks->lock);
    pthread_join(blocks->thread, NULL);
    release(blocks);
}
