#include "tune/logblocks.h"
#include "tune/logfill.h"

static void read_what_is_there(struct log_reader *reader) {
    while (log_reader_step(reader))
        ;
}

/* True when whole lines of text could be passed over: nothing before them matters to them. */
static bool is_idle(const struct log_reader *reader) {
    return reader->mode == LOG_TEXT && !reader->first && !reader->headless && reader->start == reader->end &&
           !reader->pending->count;
}

static void feed(struct log_reader *reader, struct span bytes) {
    log_reader_feed(reader, bytes);
    read_what_is_there(reader);
}

/* One block: its lines but for the first are taken as they were read, if they may be. */
static bool read_block(struct log_reader *reader, struct log_blocks *blocks, const struct log_block *block) {
    feed(reader, (struct span){text_string(&block->head), block->head.length});
    bool taken = block->usual && is_idle(reader);
    if (taken) {
        log_reader_pass(reader, block->length - block->head.length - block->tail.length);
        reader->sink->reports += block->reports;
        if (block->output.length)
            output_line(reader->sink->output, block->output.bytes, block->output.length - 1);
    } else {
        feed(reader, log_blocks_lines(blocks, block));
    }
    feed(reader, (struct span){text_string(&block->tail), block->tail.length});
    return taken;
}

/* Reads a large file of text by blocks, to its end, or until several of them in a row were of another kind.
 */
static void read_blocks(struct log_reader *reader) {
    enum { PATIENCE = 4 };
    size_t place = reader->offset + reader->end;
    struct log_blocks *blocks = log_blocks_open(reader->source.fd, place);
    for (int others = 0; blocks && !reader->at_end && others < PATIENCE;) {
        const struct log_block *block = log_blocks_next(blocks);
        others = read_block(reader, blocks, block) ? 0 : others + 1;
        place += block->length;
        reader->at_end = block->length < LOG_BLOCK_SIZE;
        if (block->error)
            log_source_fail(&reader->source, block->error);
        log_blocks_release(blocks);
    }
    log_blocks_close(blocks);
    if (!reader->at_end)
        log_source_seek(&reader->source, place);
}

static void read_all(struct log_reader *reader) {
    log_reader_fill(reader);
    read_what_is_there(reader);
    if (reader->source.regular && !reader->sink->seen && log_blocks_pay(reader->source.fd))
        read_blocks(reader);
    while (!reader->at_end) {
        log_reader_fill(reader);
        read_what_is_there(reader);
    }
    read_what_is_there(reader);
}

bool log_reader_run(struct log_reader *reader) {
    read_all(reader);
    log_pending_flush(reader->pending, reader->sink);
    return !reader->source.failed;
}
