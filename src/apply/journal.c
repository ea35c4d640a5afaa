#include "apply/journal.h"

#include "util/diagnostics.h"
#include "util/files.h"
#include "util/json.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/timestamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char *journal_path(const char *directory) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/journal.ndjson", directory);
    return path.bytes;
}

/* ---- reading ---- */

static void add_string(char ***list, size_t *count, char *string) {
    *list = memory_resize(*list, *count + 1, sizeof **list);
    (*list)[(*count)++] = string;
}

static void free_strings(char **list, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

static void clear_values(struct journal_values *values) {
    free_strings(values->values, values->count);
    *values = (struct journal_values){NULL, 0};
}

bool journal_has_value(const struct journal_values *values, const char *token) {
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->values[i], token) == 0)
            return true;
    return false;
}

/* A change of one setting: an intent adds a possible value; an outcome leaves only one. */
static void add_value(struct journal_values *values, struct span record, const char *name, bool outcome) {
    struct span token;
    if (!json_member(record, name, &token))
        return;
    if (outcome)
        clear_values(values);
    add_string(&values->values, &values->count, memory_copy(token.start, token.length));
}

static void add_update(struct journal_state *state, struct span record, bool outcome) {
    add_value(&state->memory, record, "memorySizeMB", outcome);
    add_value(&state->description, record, "description", outcome);
    add_value(&state->timeout, record, "timeout", outcome);
    add_value(&state->logging_config, record, "loggingConfig", outcome);
}

static char *decoded_member(struct span record, const char *name) {
    struct span token;
    struct text content = TEXT_INIT;
    if (!json_member(record, name, &token) || json_type(token) != JSON_STRING)
        return NULL;
    json_decode_string(token, &content);
    return content.bytes ? content.bytes : memory_copy("", 0);
}

static long long whole_member(struct span record, const char *name, long long otherwise) {
    struct span token;
    long long number = otherwise;
    if (json_member(record, name, &token))
        json_whole_number(token, &number);
    return number;
}

static void add_publish_optimized(struct journal_state *state, struct span record, bool outcome) {
    char *version = decoded_member(record, "version");
    if (!outcome)
        state->optimize_newest = whole_member(record, "newestVersion", 0);
    if (outcome && version)
        add_string(&state->versions, &state->version_count, version);
    else
        free(version);
}

static void add_optimize(struct journal_state *state, struct span record, bool outcome) {
    state->optimized = outcome;
    if (outcome)
        return;
    state->optimize_memory_mb = whole_member(record, "memorySizeMB", 0);
    free(state->alias);
    state->alias = decoded_member(record, "alias");
}

static void add_record(struct journal_state *state, struct span record) {
    struct span action, phase;
    if (!json_member(record, "action", &action) || !json_member(record, "phase", &phase))
        return;
    bool outcome = json_string_is(phase, "outcome"), refused = json_string_is(phase, "refused");
    bool intent = !outcome && !refused;
    /* Deletions do not count: a late one does no harm, and versions are deleted while others are
     * published. */
    if (!json_string_is(action, "delete"))
        state->unresolved = intent && !json_string_is(action, "optimize");
    state->changed = state->changed || intent;
    if (json_string_is(action, "restore")) {
        if (!refused)
            add_update(state, record, outcome);
        state->restored = outcome;
    } else if (json_string_is(action, "clean")) {
        state->cleaned = outcome;
    } else if (json_string_is(action, "optimize")) {
        add_optimize(state, record, outcome);
    } else if (json_string_is(action, "publishOptimized")) {
        add_publish_optimized(state, record, outcome);
    } else if (json_string_is(action, "publish")) {
        state->cleaned = state->cleaned && !intent;
    } else if (json_string_is(action, "update")) {
        state->restored = false;
        if (!refused)
            add_update(state, record, outcome);
    }
}

/* Adds every record of the file to `state`, except for half a last line. False, with errno, when it cannot be
 * read. */
static bool read_records(int fd, const char *path, struct journal_state *state) {
    struct line_reader reader;
    struct span line, record;
    line_reader_open(&reader, fd, path);
    while (line_reader_next(&reader, &line)) {
        if (json_check(line, &record, NULL))
            add_record(state, record);
        else if (!reader.unterminated)
            report_warning("%s:%lu: not a record; the line is ignored", path, reader.line);
    }
    int error = reader.error;
    if (error == EMSGSIZE)
        line_reader_report(&reader);
    line_reader_close(&reader);
    errno = error;
    return error == 0;
}

static void release_state(struct journal_state *state) {
    clear_values(&state->memory);
    clear_values(&state->description);
    clear_values(&state->timeout);
    clear_values(&state->logging_config);
    free_strings(state->versions, state->version_count);
    free(state->alias);
    *state = (struct journal_state){.optimize_newest = -1};
}

/* ---- writing ---- */

/* Removes what follows the last newline: a record whose process was killed while it wrote. */
static bool cut_torn_line(int fd) {
    enum { BLOCK = 4096 };
    char block[BLOCK];
    off_t end = lseek(fd, 0, SEEK_END);
    if (end < 0)
        return false;
    off_t whole = 0;
    for (off_t at = end; at > 0 && !whole;) {
        size_t length = at < BLOCK ? (size_t)at : BLOCK;
        at -= (off_t)length;
        if (pread(fd, block, length, at) != (ssize_t)length)
            return false;
        for (size_t i = length; i > 0 && !whole; i--)
            if (block[i - 1] == '\n')
                whole = at + (off_t)i;
    }
    return whole == end || ftruncate(fd, whole) == 0;
}

static int64_t to_ms(struct timespec time) {
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int64_t wall_clock_ms(void) {
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_REALTIME, &now);
    return to_ms(now);
}

int64_t journal_age_ms(const struct journal *journal) {
    return journal->written_ms ? wall_clock_ms() - journal->written_ms : INT64_MAX;
}

/* Reads when the last record was written. To be called before half a line is removed, which changes that
 * time. */
static void read_age(struct journal *journal) {
    struct stat status;
    if (journal->fd >= 0 && fstat(journal->fd, &status) == 0 && status.st_size > 0)
        journal->written_ms = to_ms(status.st_mtim);
}

bool journal_open(struct journal *journal, const char *directory, struct text *problem) {
    *journal = (struct journal)JOURNAL_INIT;
    journal->path = journal_path(directory);
    journal->fd = open(journal->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
    read_age(journal);
    if (journal->fd >= 0 && read_records(journal->fd, journal->path, &journal->state) &&
        cut_torn_line(journal->fd) && fsync(journal->fd) == 0 && directory_sync(journal->path))
        return true;
    text_append_format(problem, "cannot use the journal '%s': %s", journal->path, strerror(errno));
    journal_close(journal);
    return false;
}

static bool write_line(struct journal *journal, const struct text *line) {
    if (journal->fd < 0)
        return true;
    /* A failed write may have left half a line, which must not become part of the next record. */
    journal->failed = (journal->failed && !cut_torn_line(journal->fd)) ||
                      !write_all(journal->fd, line->bytes, line->length) || fdatasync(journal->fd) != 0;
    return !journal->failed;
}

bool journal_write(struct journal *journal, const char *action, const char *phase, const char *members) {
    struct text line = TEXT_INIT;
    char at[TIMESTAMP_COMPACT_SIZE];
    timestamp_format(time(NULL), TIMESTAMP_COMPACT, at, sizeof at);
    text_append_byte(&line, '{');
    json_put_string(&line, "type", "journal");
    json_put_string(&line, "at", at);
    json_put_string(&line, "action", action);
    json_put_string(&line, "phase", phase);
    text_append_format(&line, "%s%s}", *members ? "," : "", members);
    add_record(&journal->state, (struct span){line.bytes, line.length});
    journal->written_ms = wall_clock_ms();
    text_append_byte(&line, '\n');
    bool written = write_line(journal, &line);
    text_release(&line);
    return written;
}

void journal_describe_failure(const struct journal *journal, struct text *problem) {
    text_append_format(problem, "cannot write the journal '%s': %s", journal->path, strerror(errno));
}

void journal_close(struct journal *journal) {
    if (journal->fd >= 0)
        close(journal->fd);
    free(journal->path);
    release_state(&journal->state);
    *journal = (struct journal)JOURNAL_INIT;
}
