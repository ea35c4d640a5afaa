#include "console/follow.h"

#include "console/summary.h"
#include "console/tally.h"
#include "util/json.h"
#include "util/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MOST_FOLLOWERS = 24,
    TICK_MS = 200,
    TICKS_BETWEEN_LISTS = 5,
    TICKS_BETWEEN_SIGNS = 25, /* of life, so that a connection that is gone is noticed */
    LONGEST_LINE = 64 * 1024,
    READ_SIZE = 256 * 1024,
    MOST_UNSENT = 1024 * 1024,
    END_SIZE = 64,
    READS_IN_A_TICK = 32 /* of a file, so that a long one keeps nobody waiting */
};

enum treatment { RECORDS, MESSAGES, TALLY };

static const struct {
    const char *file;
    enum treatment treatment;
} followed[] = {{"messages", MESSAGES},     {"init.ndjson", RECORDS},    {"publish.ndjson", RECORDS},
                {"logparse.ndjson", TALLY}, {"invoke.ndjson", TALLY},    {"earlier.ndjson", TALLY},
                {"stats.ndjson", RECORDS},  {"journal.ndjson", RECORDS}, {"states.ndjson", RECORDS},
                {"result.json", RECORDS}};

enum { FILES = sizeof followed / sizeof *followed };

struct source {
    int fd; /* -1: not there yet */
    off_t offset;
    char end[END_SIZE]; /* the last bytes that were read, in front of `offset` */
    size_t end_length;
    size_t skipped;   /* bytes of a line that is too long */
    struct text line; /* its beginning, where the end has not been written */
    struct tally tally;
};

struct follower {
    struct followers *followers;
    struct follower *previous, *next;
    struct httpd_request *request;
    struct timer timer;
    unsigned int ticks;
    char run[RUN_NAME_LONGEST + 1]; /* "": none */
    struct source sources[FILES];
    struct text list, summary; /* as they were sent last */
};

/* ---- events ---- */

static void send_event(struct follower *follower, const char *name, const struct text *data) {
    struct text event = TEXT_INIT;
    text_append_format(&event, "event: %s\ndata: ", name);
    size_t start = event.length;
    text_append(&event, text_string(data), data->length);
    /* White space of JSON that would end the line. */
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

static void send_tally(struct follower *follower, size_t index) {
    struct text rows = TEXT_INIT, data = TEXT_INIT;
    tally_append_changes(&follower->sources[index].tally, &rows);
    if (rows.length) {
        text_append_byte(&data, '{');
        json_put_string(&data, "file", followed[index].file);
        text_append_format(&data, ",\"rows\":[%s]}", rows.bytes);
        send_event(follower, "tally", &data);
    }
    text_release(&rows);
    text_release(&data);
}

/* ---- files ---- */

static void take_line(struct follower *follower, size_t index, struct span line, size_t length) {
    if (followed[index].treatment == TALLY)
        tally_add(&follower->sources[index].tally, line);
    else
        send_line(follower, index, line, length);
}

/* Lines that are whole; the beginning of another is kept. */
static void take_bytes(struct follower *follower, size_t index, struct span bytes) {
    struct source *source = &follower->sources[index];
    while (bytes.length) {
        const char *newline = memchr(bytes.start, '\n', bytes.length);
        size_t length = newline ? (size_t)(newline - bytes.start) : bytes.length;
        size_t room = LONGEST_LINE - source->line.length, kept = length < room ? length : room;
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
    tally_release(&source->tally);
    *source = (struct source){.fd = -1};
}

/* Keeps the end of what was read. */
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

/* True when there may be more at once. */
static bool read_source(struct follower *follower, size_t index) {
    struct source *source = &follower->sources[index];
    struct text bytes = TEXT_INIT;
    ssize_t got = pread(source->fd, text_extend(&bytes, READ_SIZE), READ_SIZE, source->offset);
    if (got > 0) {
        source->offset += got;
        remember_end(source);
        take_bytes(follower, index, (struct span){bytes.bytes, (size_t)got});
        send_tally(follower, index);
    }
    text_release(&bytes);
    return got == READ_SIZE;
}

/* A file that does not have what was read of it any more was begun anew: a run that was taken up again, or
 * its next round. It may have grown past that place since. */
static bool is_begun_anew(const struct follower *follower, size_t index) {
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

static void look_at_files(struct follower *follower) {
    bool anew = false;
    for (size_t i = 0; i < FILES; i++)
        anew = anew || is_begun_anew(follower, i);
    if (anew) {
        struct text nothing = TEXT_INIT;
        for (size_t i = 0; i < FILES; i++)
            close_source(&follower->sources[i]);
        text_append_string(&nothing, "{}");
        send_event(follower, "again", &nothing);
        text_release(&nothing);
    }
    for (size_t i = 0; i < FILES; i++) {
        struct source *source = &follower->sources[i];
        if (source->fd < 0)
            source->fd = runs_open_file(follower->followers->runs, span_of(follower->run),
                                        span_of(followed[i].file), O_RDONLY);
        bool more = source->fd >= 0;
        for (int reads = 0; more && reads < READS_IN_A_TICK && httpd_unsent(follower->request) < MOST_UNSENT;
             reads++)
            more = read_source(follower, i);
    }
}

/* ---- one page ---- */

/* Sends `now` when it is not what was sent last. */
static void send_if_changed(struct follower *follower, const char *name, struct text *last,
                            struct text *now) {
    if (span_same((struct span){last->bytes, last->length}, (struct span){now->bytes, now->length})) {
        text_release(now);
        return;
    }
    send_event(follower, name, now);
    text_release(last);
    *last = *now;
}

static void tick(void *context) {
    struct follower *follower = context;
    struct text now = TEXT_INIT;
    if (follower->ticks % TICKS_BETWEEN_LISTS == 0) {
        summary_append_list(follower->followers->runs, &now);
        send_if_changed(follower, "runs", &follower->list, &now);
    }
    if (follower->run[0]) {
        /* The summary first: what is read afterwards is all there was when the run had ended. */
        struct text summary = TEXT_INIT;
        summary_append(follower->followers->runs, span_of(follower->run), &summary);
        look_at_files(follower);
        send_if_changed(follower, "run", &follower->summary, &summary);
    }
    if (++follower->ticks % TICKS_BETWEEN_SIGNS == 0)
        httpd_send(follower->request, span_of(": still here\n\n"));
    loop_set_timer(follower->followers->loop, &follower->timer,
                   loop_now() + TICK_MS * NANOSECONDS_PER_MILLISECOND);
}

/* The connection is gone. */
static void end(void *context) {
    struct follower *follower = context;
    struct followers *followers = follower->followers;
    loop_cancel(followers->loop, &follower->timer);
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
    free(follower);
}

bool follow(struct followers *followers, struct httpd_request *request, struct span run,
            const struct httpd_header *headers, size_t header_count) {
    if (followers->count == MOST_FOLLOWERS || run.length > RUN_NAME_LONGEST)
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

void followers_close(struct followers *followers) {
    for (struct follower *at = followers->first; at; at = at->next) {
        loop_cancel(followers->loop, &at->timer);
        httpd_finish(at->request);
    }
}
