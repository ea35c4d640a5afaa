#include "console/follow.h"

#include "console/record-counts.h"
#include "console/run-summary.h"
#include "util/json.h"
#include "util/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAX_FOLLOWERS = 24,
    TICK_MS = 200,
    LIST_MS = 1000,       /* the list is read this often, for all pages together, */
    LIST_REST = 10,       /* and less often if that takes long: at most 1/LIST_REST of the time */
    KEEPALIVE_TICKS = 25, /* a comment is sent this often, to detect closed connections */
    MAX_LINE = 64 * 1024,
    READ_SIZE = 256 * 1024,
    MAX_UNSENT = 1024 * 1024,
    END_SIZE = 64,
    SLICE_MS = 4, /* of reading, for all pages together, before other events are handled */
    REST_MS = 1
};

enum treatment { RECORDS, MESSAGES, COUNTS };

static const struct {
    const char *file;
    enum treatment treatment;
} followed[] = {{"messages", MESSAGES},      {"init.ndjson", RECORDS},    {"publish.ndjson", RECORDS},
                {"logparse.ndjson", COUNTS}, {"invoke.ndjson", COUNTS},   {"earlier.ndjson", COUNTS},
                {"stats.ndjson", RECORDS},   {"journal.ndjson", RECORDS}, {"states.ndjson", RECORDS},
                {"result.json", RECORDS}};

enum { FILES = sizeof followed / sizeof *followed };

struct source {
    int fd; /* -1: the file does not exist yet */
    off_t offset;
    char end[END_SIZE]; /* the last bytes before `offset` */
    size_t end_length;
    size_t skipped;   /* bytes skipped of a line that is too long */
    struct text line; /* the beginning of a line whose end has not been written */
    struct record_counts record_counts;
};

struct follower {
    struct followers *followers;
    struct follower *previous, *next;
    struct httpd_request *request;
    struct timer timer;
    unsigned int ticks;
    char run[MAX_RUN_NAME + 1]; /* "": none */
    struct source sources[FILES];
    bool reading; /* its files are being read; the next one is: */
    size_t file;
    struct text list, summary; /* as sent last */
    struct text next_summary;  /* to be sent when all files have been read */
};

/* ---- events ---- */

static void send_event(struct follower *follower, const char *name, const struct text *data) {
    struct text event = TEXT_INIT;
    text_append_format(&event, "event: %s\ndata: ", name);
    size_t start = event.length;
    text_append(&event, text_string(data), data->length);
    /* Newlines in the JSON would end the data line. */
    for (size_t i = start; i < event.length; i++)
        if (event.bytes[i] == '\r' || event.bytes[i] == '\n')
            event.bytes[i] = ' ';
    text_append_string(&event, "\n\n");
    httpd_send(follower->request, (struct span){event.bytes, event.length});
    text_release(&event);
}

static void send_line(struct follower *follower, size_t index, struct span line, size_t length) {
    struct text data = TEXT_INIT;
    struct span record;
    bool message = followed[index].treatment == MESSAGES;
    text_append_byte(&data, '{');
    if (message) {
        json_put_span(&data, "text", line);
    } else {
        json_put_string(&data, "file", followed[index].file);
        if (length > line.length)
            json_put_number(&data, "bytes", (double)length);
        else if (json_check(line, &record, NULL))
            json_put_value(&data, "record", record);
    }
    text_append_byte(&data, '}');
    send_event(follower, message ? "message" : "record", &data);
    text_release(&data);
}

static void send_counts(struct follower *follower, size_t index) {
    struct text rows = TEXT_INIT, data = TEXT_INIT;
    record_counts_append_changes(&follower->sources[index].record_counts, &rows);
    if (rows.length) {
        text_append_byte(&data, '{');
        json_put_string(&data, "file", followed[index].file);
        text_append_format(&data, ",\"rows\":[%s]}", rows.bytes);
        send_event(follower, "counts", &data);
    }
    text_release(&rows);
    text_release(&data);
}

/* ---- files ---- */

static void take_line(struct follower *follower, size_t index, struct span line, size_t length) {
    if (followed[index].treatment == COUNTS)
        record_counts_add(&follower->sources[index].record_counts, line);
    else
        send_line(follower, index, line, length);
}

/* Handles complete lines, and keeps the beginning of an incomplete one. */
static void take_bytes(struct follower *follower, size_t index, struct span bytes) {
    struct source *source = &follower->sources[index];
    while (bytes.length) {
        const char *newline = memchr(bytes.start, '\n', bytes.length);
        size_t length = newline ? (size_t)(newline - bytes.start) : bytes.length;
        size_t room = MAX_LINE - source->line.length, kept = length < room ? length : room;
        text_append(&source->line, bytes.start, kept);
        source->skipped += length - kept;
        if (newline) {
            struct span line = {text_string(&source->line), source->line.length};
            take_line(follower, index, line, line.length + source->skipped);
            text_clear(&source->line);
            source->skipped = 0;
            length++;
        }
        bytes = (struct span){bytes.start + length, bytes.length - length};
    }
}

static void close_source(struct source *source) {
    if (source->fd >= 0)
        close(source->fd);
    text_release(&source->line);
    record_counts_release(&source->record_counts);
    *source = (struct source){.fd = -1};
}

/* Keeps the last bytes read, to notice when the file is replaced. */
static void remember_end(struct source *source) {
    source->end_length = source->offset < END_SIZE ? (size_t)source->offset : END_SIZE;
    ssize_t got =
        pread(source->fd, source->end, source->end_length, source->offset - (off_t)source->end_length);
    if (got != (ssize_t)source->end_length)
        source->end_length = 0;
}

static bool has_same_end(const struct source *source, int fd) {
    char now[END_SIZE];
    ssize_t got = pread(fd, now, source->end_length, source->offset - (off_t)source->end_length);
    return got == (ssize_t)source->end_length && memcmp(now, source->end, source->end_length) == 0;
}

/* Reads a part of a file. True when there may be more to read at once. */
static bool read_source(struct follower *follower, size_t index) {
    struct source *source = &follower->sources[index];
    struct text bytes = TEXT_INIT;
    ssize_t got = pread(source->fd, text_extend(&bytes, READ_SIZE), READ_SIZE, source->offset);
    if (got > 0) {
        source->offset += got;
        remember_end(source);
        take_bytes(follower, index, (struct span){bytes.bytes, (size_t)got});
        send_counts(follower, index);
    }
    text_release(&bytes);
    return got == READ_SIZE;
}

/* True when a file was replaced, which happens when a run is resumed and in its next round: it is another
 * file, or its bytes before `offset` have changed. */
static bool is_replaced(const struct follower *follower, size_t index) {
    const struct source *source = &follower->sources[index];
    struct stat now, there;
    if (source->fd < 0 || fstat(source->fd, &now) != 0)
        return false;
    int fd = runs_open_file(follower->followers->runs, span_of(follower->run), span_of(followed[index].file),
                            O_RDONLY);
    bool another =
        fd < 0 || fstat(fd, &there) != 0 || there.st_ino != now.st_ino || !has_same_end(source, fd);
    if (fd >= 0)
        close(fd);
    return another;
}

static void forget_if_replaced(struct follower *follower) {
    bool replaced = false;
    for (size_t i = 0; i < FILES; i++)
        replaced = replaced || is_replaced(follower, i);
    if (!replaced)
        return;
    struct text nothing = TEXT_INIT;
    for (size_t i = 0; i < FILES; i++)
        close_source(&follower->sources[i]);
    text_append_string(&nothing, "{}");
    send_event(follower, "again", &nothing);
    text_release(&nothing);
}

/* Sends `now` unless it is the same as the last one sent. */
static void send_if_changed(struct follower *follower, const char *name, struct text *last,
                            struct text *now) {
    if (!span_same((struct span){last->bytes, last->length}, (struct span){now->bytes, now->length})) {
        send_event(follower, name, now);
        text_clear(last);
        text_append(last, text_string(now), now->length);
    }
}

/* ---- reading in turns ---- */

static void read_piece(struct follower *follower) {
    struct source *source = &follower->sources[follower->file];
    if (source->fd < 0)
        source->fd = runs_open_file(follower->followers->runs, span_of(follower->run),
                                    span_of(followed[follower->file].file), O_RDONLY);
    if (source->fd >= 0 && read_source(follower, follower->file))
        return;
    if (++follower->file < FILES)
        return;
    follower->reading = false;
    send_if_changed(follower, "run", &follower->summary, &follower->next_summary);
}

/* The next page in turn that has files to read and whose client keeps up. */
static struct follower *next_reading(struct followers *followers) {
    struct follower *at = followers->turn;
    for (size_t i = 0; i < followers->count; i++) {
        at = at ? at : followers->first;
        if (at->reading && httpd_unsent(at->request) < MAX_UNSENT) {
            followers->turn = at->next;
            return at;
        }
        at = at->next;
    }
    return NULL;
}

/* Reads for a short time, then returns to the event loop, so that a long file blocks nobody. */
static void read_slice(void *context) {
    struct followers *followers = context;
    uint64_t until = loop_now() + SLICE_MS * NANOSECONDS_PER_MILLISECOND;
    struct follower *follower;
    while ((follower = next_reading(followers))) {
        read_piece(follower);
        if (loop_now() < until)
            continue;
        loop_set_timer(followers->loop, &followers->reader,
                       loop_now() + REST_MS * NANOSECONDS_PER_MILLISECOND);
        return;
    }
}

/* ---- one page ---- */

/* The list of runs, shared by all pages. */
static struct text *list_of(struct followers *followers) {
    uint64_t before = loop_now();
    if (before >= followers->next_list) {
        text_clear(&followers->list);
        summary_append_list(followers->runs, &followers->list);
        uint64_t after = loop_now(), rest = LIST_REST * (after - before);
        uint64_t least = LIST_MS * NANOSECONDS_PER_MILLISECOND;
        followers->next_list = after + (rest > least ? rest : least);
    }
    return &followers->list;
}

static void tick(void *context) {
    struct follower *follower = context;
    struct followers *followers = follower->followers;
    send_if_changed(follower, "runs", &follower->list, list_of(followers));
    if (follower->run[0] && !follower->reading) {
        /* The summary is made before the files are read: if it says that the run has ended, they are
         * complete. */
        text_clear(&follower->next_summary);
        summary_append(followers->runs, span_of(follower->run), &follower->next_summary);
        forget_if_replaced(follower);
        follower->file = 0;
        follower->reading = true;
    }
    if (follower->reading && !followers->reader.place)
        loop_set_timer(followers->loop, &followers->reader, loop_now());
    if (++follower->ticks % KEEPALIVE_TICKS == 0)
        httpd_send(follower->request, span_of(": still here\n\n"));
    loop_set_timer(followers->loop, &follower->timer, loop_now() + TICK_MS * NANOSECONDS_PER_MILLISECOND);
}

/* The connection was closed. */
static void end(void *context) {
    struct follower *follower = context;
    struct followers *followers = follower->followers;
    loop_cancel(followers->loop, &follower->timer);
    if (followers->turn == follower)
        followers->turn = follower->next;
    if (follower->previous)
        follower->previous->next = follower->next;
    else
        followers->first = follower->next;
    if (follower->next)
        follower->next->previous = follower->previous;
    followers->count--;
    for (size_t i = 0; i < FILES; i++)
        close_source(&follower->sources[i]);
    text_release(&follower->list);
    text_release(&follower->summary);
    text_release(&follower->next_summary);
    free(follower);
}

bool follow(struct followers *followers, struct httpd_request *request, struct span run,
            const struct httpd_header *headers, size_t header_count) {
    if (followers->count == MAX_FOLLOWERS || run.length > MAX_RUN_NAME)
        return false;
    struct follower *follower = memory_zeroed(1, sizeof *follower);
    follower->followers = followers;
    follower->request = request;
    follower->timer = (struct timer){.fire = tick, .context = follower};
    memcpy(follower->run, run.start ? run.start : "", run.length);
    for (size_t i = 0; i < FILES; i++)
        follower->sources[i].fd = -1;
    follower->next = followers->first;
    if (follower->next)
        follower->next->previous = follower;
    followers->first = follower;
    followers->count++;
    httpd_begin(request, headers, header_count, end, follower);
    loop_set_timer(followers->loop, &follower->timer, loop_now());
    return true;
}

void followers_open(struct followers *followers, struct loop *loop, const struct runs *runs) {
    *followers = (struct followers){.loop = loop, .runs = runs};
    followers->reader = (struct timer){.fire = read_slice, .context = followers};
}

void followers_close(struct followers *followers) {
    for (struct follower *at = followers->first; at; at = at->next) {
        loop_cancel(followers->loop, &at->timer);
        httpd_finish(at->request);
    }
    if (followers->loop)
        loop_cancel(followers->loop, &followers->reader);
    text_release(&followers->list);
}
