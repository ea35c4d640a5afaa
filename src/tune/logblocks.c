#include "tune/logblocks.h"

#include "tune/usualreport.h"
#include "util/memory.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A buffer has what is left of the piece before, a line that is not whole, in front of a piece. The pieces
 * begin where pages do, as those that the kernel copies them from: for each store to wait for the loads some
 * bytes behind it in another page takes half as long again. */
enum {
    PAGE = 4096,
    MOST_THREADS = 3,
    SLOTS_MOST = 2 * (MOST_THREADS + 1),
    STACK_SIZE = 256 * 1024,
    REST_MOST = 4 * PAGE,
    BUFFER_SIZE = REST_MOST + LOG_PIECE_SIZE + USUAL_REPORT_ROOM
};

/* Blocks are numbered; number N lies in slot N % slot_count. Those before `next` were given to the caller,
 * those from there to before `claimed` are being worked on or done. */
struct log_blocks {
    int fd;
    size_t start;
    pthread_t threads[MOST_THREADS];
    size_t thread_count, started;    /* how many there are, and how many have taken their buffer */
    char *buffers[MOST_THREADS + 1]; /* owned: BUFFER_SIZE for each thread, the last the caller's */
    pthread_mutex_t lock;
    pthread_cond_t done, room;
    struct log_block slots[SLOTS_MOST];
    bool is_done[SLOTS_MOST];
    size_t slot_count; /* two for each processor */
    size_t next, claimed;
    bool stopped;
};

/* ---- one block ---- */

/* The number of bytes that there are; `*error` is that of a read that failed. */
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

static void set_text(struct text *text, const char *start, const char *end) {
    text_clear(text);
    text_append(text, start, (size_t)(end - start));
}

/* Steps behind the first line of a block, which becomes its head; NULL when its end is not there. */
static const char *take_head(struct log_block *block, const char *start, const char *end) {
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    if (newline)
        set_text(&block->head, start, newline + 1);
    return newline ? newline + 1 : NULL;
}

/* Reads the block as long as it is usual. */
static void work(int fd, char *buffer, struct log_block *block) {
    /* Blocks that lie beside this one belong to other processors: what is written for each line is on our own
     * stack. */
    struct text output = block->output;
    char *piece = buffer + REST_MOST;
    size_t length = 0, rest = 0, got;
    unsigned long reports = 0;
    bool usual;
    text_clear(&output);
    do {
        int error;
        got = read_bytes(fd, block->place + length, piece, LOG_PIECE_SIZE, &error);
        const char *start = piece - rest, *end = piece + got, *last = memrchr(start, '\n', rest + got);
        const char *lines = length ? start : take_head(block, start, end);
        length += got;
        last = last ? last + 1 : start;
        usual = !error && lines && (lines >= last || log_usual_lines(lines, last, &output, &reports));
        rest = (size_t)(end - last);
        usual = usual && rest <= REST_MOST;
        if (usual)
            memmove(piece - rest, last, rest);
    } while (usual && got == LOG_PIECE_SIZE && length < LOG_BLOCK_SIZE);
    block->usual = usual;
    if (usual)
        set_text(&block->tail, piece - rest, piece);
    block->length = length;
    block->output = output;
    block->reports = reports;
}

/* ---- all ---- */

/* With the lock held: works on the next block that nobody has, if there is room for one. */
static bool work_on_next(struct log_blocks *blocks, char *buffer) {
    if (blocks->claimed - blocks->next >= blocks->slot_count)
        return false;
    size_t number = blocks->claimed++, slot = number % blocks->slot_count;
    blocks->is_done[slot] = false;
    blocks->slots[slot].place = blocks->start + number * LOG_BLOCK_SIZE;
    pthread_mutex_unlock(&blocks->lock);
    work(blocks->fd, buffer, &blocks->slots[slot]);
    pthread_mutex_lock(&blocks->lock);
    blocks->is_done[slot] = true;
    pthread_cond_signal(&blocks->done);
    return true;
}

static void *run_thread(void *context) {
    struct log_blocks *blocks = context;
    pthread_mutex_lock(&blocks->lock);
    char *buffer = blocks->buffers[blocks->started++];
    while (!blocks->stopped)
        if (!work_on_next(blocks, buffer))
            pthread_cond_wait(&blocks->room, &blocks->lock);
    pthread_mutex_unlock(&blocks->lock);
    return NULL;
}

static size_t processors(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

bool log_blocks_pay(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= LOG_BLOCKS_WORTH &&
           processors() > 1;
}

struct log_blocks *log_blocks_open(int fd, size_t start) {
    struct log_blocks *blocks = memory_zeroed(1, sizeof *blocks);
    pthread_attr_t attributes;
    size_t wanted = processors() - 1 < MOST_THREADS ? processors() - 1 : MOST_THREADS;
    blocks->fd = fd;
    blocks->start = start;
    blocks->slot_count = 2 * (wanted + 1);
    for (size_t i = 0; i <= MOST_THREADS; i++)
        if (i < wanted || i == MOST_THREADS)
            blocks->buffers[i] = memory_aligned(PAGE, BUFFER_SIZE);
    pthread_mutex_init(&blocks->lock, NULL);
    pthread_cond_init(&blocks->done, NULL);
    pthread_cond_init(&blocks->room, NULL);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    while (blocks->thread_count < wanted &&
           pthread_create(&blocks->threads[blocks->thread_count], &attributes, run_thread, blocks) == 0)
        blocks->thread_count++;
    pthread_attr_destroy(&attributes);
    if (blocks->thread_count)
        return blocks;
    log_blocks_close(blocks);
    return NULL;
}

const struct log_block *log_blocks_next(struct log_blocks *blocks) {
    pthread_mutex_lock(&blocks->lock);
    size_t number = blocks->next, slot = number % blocks->slot_count;
    while (number >= blocks->claimed || !blocks->is_done[slot])
        if (!work_on_next(blocks, blocks->buffers[MOST_THREADS]))
            pthread_cond_wait(&blocks->done, &blocks->lock);
    pthread_mutex_unlock(&blocks->lock);
    return &blocks->slots[slot];
}

void log_blocks_release(struct log_blocks *blocks) {
    pthread_mutex_lock(&blocks->lock);
    blocks->next++;
    pthread_cond_signal(&blocks->room);
    pthread_mutex_unlock(&blocks->lock);
}

struct span log_blocks_piece(struct log_blocks *blocks, size_t place, size_t most, int *error) {
    char *buffer = blocks->buffers[MOST_THREADS] + REST_MOST;
    size_t wanted = most < LOG_PIECE_SIZE ? most : LOG_PIECE_SIZE;
    return (struct span){buffer, read_bytes(blocks->fd, place, buffer, wanted, error)};
}

void log_blocks_close(struct log_blocks *blocks) {
    if (!blocks)
        return;
    pthread_mutex_lock(&blocks->lock);
    blocks->stopped = true;
    pthread_cond_broadcast(&blocks->room);
    pthread_mutex_unlock(&blocks->lock);
    for (size_t i = 0; i < blocks->thread_count; i++)
        pthread_join(blocks->threads[i], NULL);
    pthread_cond_destroy(&blocks->done);
    pthread_cond_destroy(&blocks->room);
    pthread_mutex_destroy(&blocks->lock);
    for (size_t i = 0; i <= MOST_THREADS; i++)
        free(blocks->buffers[i]);
    for (size_t i = 0; i < SLOTS_MOST; i++) {
        text_release(&blocks->slots[i].head);
        text_release(&blocks->slots[i].tail);
        text_release(&blocks->slots[i].output);
    }
    free(blocks);
}
