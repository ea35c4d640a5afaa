#include "logparse/blocks.h"
#include "logparse/fill.h"
#include "logparse/place.h"

/* Processes everything in the buffer. */
static void read_what_is_there(struct log_reader *reader) {
    while (log_reader_step(reader))
        ;
}

/* True when the next lines do not depend on anything before them, so that they may be skipped. */
static bool is_idle(const struct log_reader *reader) {
    return reader->mode == LOG_TEXT && !reader->first && !reader->headless && reader->start == reader->end &&
           !reader->deferred->count && !reader->sink->held && !reader->sink->endings.count;
}

static void feed(struct log_reader *reader, struct span bytes) {
    log_reader_feed(reader, bytes);
    read_what_is_there(reader);
}

/* Reads a block, except its first `done` bytes, like any other text. */
static void read_rest(struct log_reader *reader, struct log_blocks *blocks, const struct log_block *block,
                      size_t done) {
    int error = 0;
    while (done < block->size && !reader->at_end) {
        struct span piece = log_blocks_piece(blocks, block->place + done, block->size - done, &error);
        feed(reader, piece);
        done += piece.length;
        reader->at_end = !piece.length;
    }
    if (error)
        log_source_fail(&reader->source, error);
}

/* Processes one block. Uses the measurements of a fast block, if the end of its first line permits it; true
 * when it did. */
static bool read_block(struct log_reader *reader, struct log_blocks *blocks, const struct log_block *block) {
    size_t done = 0;
    if (block->fast) {
        done = block->head.length;
        feed(reader, (struct span){text_string(&block->head), done});
    }
    if (!block->fast || !is_idle(reader)) {
        read_rest(reader, blocks, block, done);
        return false;
    }
    log_reader_pass(reader, block->length - done - block->tail.length);
    log_sink_records(reader->sink, (struct span){block->output.bytes, block->output.length}, block->reports);
    feed(reader, (struct span){text_string(&block->tail), block->tail.length});
    reader->at_end = block->length < block->size;
    return true;
}

/* Reads a large text file in blocks, to its end or while less than about a third of them are not fast: such
 * blocks are read twice. */
static void read_blocks(struct log_reader *reader) {
    enum { SLOW = 2, PATIENCE = 3 * SLOW };
    size_t place = reader->offset + reader->end;
    struct log_blocks *blocks = log_blocks_open(reader->source.fd, place);
    if (!blocks)
        return;
    for (int slow = 0; !reader->at_end && slow < PATIENCE;) {
        const struct log_block *block = log_blocks_next(blocks);
        if (!read_block(reader, blocks, block))
            slow += SLOW;
        else if (slow)
            slow--;
        place = block->place + block->size;
        log_blocks_release(blocks);
    }
    log_blocks_close(blocks);
    if (!reader->at_end)
        log_source_seek(&reader->source, place);
}

static void read_all(struct log_reader *reader) {
    log_reader_fill(reader);
    read_what_is_there(reader);
    if (reader->source.regular && !reader->sink->seen)
        read_blocks(reader);
    while (!reader->at_end) {
        log_reader_fill(reader);
        read_what_is_there(reader);
    }
    read_what_is_there(reader);
}

bool log_reader_run(struct log_reader *reader) {
    read_all(reader);
    log_deferred_flush(reader->deferred, reader->sink);
    log_learner_finish(reader);
    log_count_note_lines(reader, true);
    return !reader->source.failed;
}
