#include "logparse/blocks.h"

#include "util/mapped-file.h"
#include "util/memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The caller and one thread work on blocks. A third would not be faster, because all output goes through one
 * file.
 *
 * Whole blocks are read in the memory-mapped file, which is faster than copying them. The mapping is dropped
 * window by window. A window has the size and alignment of a huge page: such a page counts as memory of the
 * process from the first access until all of it is dropped. */
enum {
    WORTH = 4 * 1024 * 1024, /* the smallest file to read in blocks */
    THREADS = 2,
    SLOTS = 3 * THREADS,
    WINDOW_BLOCKS = 4,
    WINDOW_SIZE = WINDOW_BLOCKS * LOG_BLOCK_SIZE,
    WINDOWS = SLOTS / WINDOW_BLOCKS + 2,
    STACK_SIZE = 256 * 1024
};

struct slot {
    struct log_block block;
    bool done;
};

/* Block number N begins at N * LOG_BLOCK_SIZE in the file and is in slot N % SLOTS. The blocks before `next`
 * were given to the caller; those from `next` to before `claimed` are in work or done. */
struct log_blocks {
    int fd;
    size_t start;
    const char *map; /* NULL: the file is not mapped */
    size_t map_length;
    pthread_t thread;
    char *buffers[THREADS]; /* owned: LOG_BUFFER_SIZE each; the first is for the caller */
    pthread_mutex_t lock;
    pthread_cond_t done, room;
    struct slot slots[SLOTS];
    size_t next, claimed;
    size_t done_with[WINDOWS]; /* number of finished blocks of window N, at N % WINDOWS */
    bool stopped;
};

static void work(const struct log_blocks *blocks, struct log_block *block, size_t number, char *buffer) {
    size_t place = number * LOG_BLOCK_SIZE, stop = place + LOG_BLOCK_SIZE;
    bool mapped = place >= blocks->start && stop <= blocks->map_length;
    block->place = place < blocks->start ? blocks->start : place;
    block->size = stop - block->place;
    if (mapped)
        log_block_take(block, blocks->map + place, buffer);
    else
        log_block_read(block, blocks->fd, buffer);
    if (mapped && !mapped_file_is_whole())
        block->fast = false;
}

/* Processes the next unclaimed block; false when no slot is free. The caller holds the lock, which is
 * released meanwhile. */
static bool work_on_next(struct log_blocks *blocks, char *buffer) {
    if (blocks->claimed - blocks->next >= SLOTS)
        return false;
    size_t number = blocks->claimed++, window = number / WINDOW_BLOCKS;
    struct slot *slot = &blocks->slots[number % SLOTS];
    slot->done = false;
    pthread_mutex_unlock(&blocks->lock);
    work(blocks, &slot->block, number, buffer);
    pthread_mutex_lock(&blocks->lock);
    slot->done = true;
    pthread_cond_signal(&blocks->done);
    if (++blocks->done_with[window % WINDOWS] == WINDOW_BLOCKS) {
        blocks->done_with[window % WINDOWS] = 0;
        pthread_mutex_unlock(&blocks->lock);
        mapped_file_forget(window * WINDOW_SIZE, WINDOW_SIZE);
        pthread_mutex_lock(&blocks->lock);
    }
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

static void release(struct log_blocks *blocks) {
    mapped_file_close();
    pthread_cond_destroy(&blocks->done);
    pthread_cond_destroy(&blocks->room);
    pthread_mutex_destroy(&blocks->lock);
    for (size_t i = 0; i < THREADS; i++)
        free(blocks->buffers[i]);
    for (size_t i = 0; i < SLOTS; i++)
        log_block_release(&blocks->slots[i].block);
    free(blocks);
}

struct log_blocks *log_blocks_open(int fd, size_t start) {
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < WORTH ||
        !several_processors())
        return NULL;
    struct log_blocks *blocks = memory_zeroed(1, sizeof *blocks);
    blocks->fd = fd;
    blocks->start = start;
    blocks->next = blocks->claimed = start / LOG_BLOCK_SIZE;
    blocks->done_with[blocks->next / WINDOW_BLOCKS % WINDOWS] = blocks->next % WINDOW_BLOCKS;
    blocks->map = mapped_file_open(fd, (size_t)status.st_size);
    blocks->map_length = blocks->map ? (size_t)status.st_size : 0;
    for (size_t i = 0; i < THREADS; i++)
        blocks->buffers[i] = memory_aligned(LOG_PAGE, LOG_BUFFER_SIZE);
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
    char *buffer = blocks->buffers[0] + MAX_LOG_REST;
    size_t wanted = most < LOG_PIECE_SIZE ? most : LOG_PIECE_SIZE;
    return (struct span){buffer, log_block_bytes(blocks->fd, place, buffer, wanted, error)};
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
