#include "logparse/blocks.h"
#include "logparse/fill.h"

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

/* All of a block but its first `done` bytes, as any text is read. */
static void read_rest(struct log_reader *reader, struct log_blocks *blocks, const struct log_block *block,
                      size_t done) {
    int error = 0;
    while (done < block->size && !reader->at_end) {
        size_t wanted = block->size - done < LOG_PIECE_SIZE ? block->size - done : LOG_PIECE_SIZE;
        struct span piece = log_blocks_piece(blocks, block->place + done, wanted, &error);
        feed(reader, piece);
        done += piece.length;
        reader->at_end = piece.length < wanted;
    }
    if (error)
        log_source_fail(&reader->source, error);
}

/* One block: its lines but for the first are taken as they were read, if they may be. */
static bool read_block(struct log_reader *reader, struct log_blocks *blocks, const struct log_block *block) {
    size_t done = 0;
    if (block->usual) {
        done = block->head.length;
        feed(reader, (struct span){text_string(&block->head), done});
    }
    if (!block->usual || !is_idle(reader)) {
        read_rest(reader, blocks, block, done);
        return false;
    }
    log_reader_pass(reader, block->length - done - block->tail.length);
    reader->sink->reports += block->reports;
    output_lines(reader->sink->output, block->output.bytes, block->output.length);
    feed(reader, (struct span){text_string(&block->tail), block->tail.length});
    reader->at_end = block->length < block->size;
    return true;
}

/* Reads a large file of text by blocks, to its end, or until several of them in a row were of another kind.
 */
static void read_blocks(struct log_reader *reader) {
    enum { PATIENCE = 2 };
    size_t place = reader->offset + reader->end;
    struct log_blocks *blocks = log_blocks_open(reader->source.fd, place);
    if (!blocks)
        return;
    for (int others = 0; !reader->at_end && others < PATIENCE;) {
        const struct log_block *block = log_blocks_next(blocks);
        others = read_block(reader, blocks, block) ? 0 : others + 1;
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
    log_pending_flush(reader->pending, reader->sink);
    return !reader->source.failed;
}
