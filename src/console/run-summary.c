#include "console/run-summary.h"

#include "util/json.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SMALL_FILE = 8192, RESULT_LIMIT = 1024 * 1024, LIST_LIMIT = 200, START_TIMEOUT_S = 10 };

/* The relevant values of states.ndjson. */
struct stage_ends {
    struct span first, last; /* values of "at" */
    struct span phase;       /* of the last record about the whole execution */
};

static void look_at(struct span line, struct stage_ends *ends) {
    struct span object, type, at;
    if (!json_check(line, &object, NULL) || !json_member(object, "type", &type) ||
        !json_member(object, "at", &at) || json_type(at) != JSON_STRING)
        return;
    if (!ends->first.start)
        ends->first = at;
    ends->last = at;
    if (json_string_is(type, "execution"))
        json_member(object, "phase", &ends->phase);
}

static void read_lines(const struct text *content, struct stage_ends *ends) {
    struct span rest = {text_string(content), content->length};
    for (const char *newline; rest.length && (newline = memchr(rest.start, '\n', rest.length));) {
        size_t length = (size_t)(newline - rest.start);
        look_at((struct span){rest.start, length}, ends);
        rest = (struct span){newline + 1, rest.length - length - 1};
    }
}

/* True for a run that was started a moment ago, whose driver has not written its note yet. */
static bool is_starting(const struct runs *runs, struct span run) {
    struct stat status;
    int fd = runs_open_file(runs, run, span_of("messages"), O_RDONLY);
    bool starting = fd >= 0 && fstat(fd, &status) == 0 && time(NULL) - status.st_mtime < START_TIMEOUT_S &&
                    !run_has(runs, run, "states.ndjson");
    if (fd >= 0)
        close(fd);
    return starting;
}

static const char *phase_of(const struct runs *runs, struct span run, const struct stage_ends *ends) {
    if (run_signal(runs, run, 0) || is_starting(runs, run))
        return "running";
    static const char *const phases[] = {"succeeded", "failed", "stopped", "recovered"};
    for (size_t i = 0; ends->phase.start && i < sizeof phases / sizeof *phases; i++)
        if (json_string_is(ends->phase, phases[i]))
            return phases[i];
    bool noted = run_has(runs, run, "states.ndjson");
    if (!noted && run_has(runs, run, "messages")) /* the driver refused to start */
        return "failed";
    if (noted || !run_has(runs, run, "finished"))
        return "killed";
    return run_has(runs, run, "result.json") ? "succeeded" : "failed";
}

/* Adds the content of a small file, without its newline, as a member. */
static void put_file(const struct runs *runs, struct span run, const char *name, struct text *out) {
    struct text content = TEXT_INIT;
    if (runs_read(runs, run, name, 0, SMALL_FILE, &content) && content.length) {
        struct span value = {content.bytes, content.length};
        value.length -= value.start[value.length - 1] == '\n';
        if (value.length)
            json_put_span(out, name, value);
    }
    text_release(&content);
}

static void put_memory_mb(const struct runs *runs, struct span run, struct text *out) {
    struct text content = TEXT_INIT;
    struct span object, memory_mb;
    if (runs_read(runs, run, "result.json", 0, RESULT_LIMIT, &content) &&
        json_check((struct span){text_string(&content), content.length}, &object, NULL) &&
        json_member(object, "power", &memory_mb) && json_type(memory_mb) == JSON_NUMBER)
        json_put_value(out, "power", memory_mb);
    text_release(&content);
}

void summary_append(const struct runs *runs, struct span run, struct text *out) {
    struct text states = TEXT_INIT;
    struct stage_ends ends = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
    runs_read(runs, run, "states.ndjson", 0, RESULT_LIMIT, &states);
    read_lines(&states, &ends);
    const char *phase = phase_of(runs, run, &ends);
    bool running = strcmp(phase, "running") == 0;
    bool begun = !running && !run_has(runs, run, "local") && run_has(runs, run, "init.ndjson");
    text_append_byte(out, '{');
    json_put_span(out, "name", run);
    json_put_string(out, "phase", phase);
    json_put_value(out, "startedAt", ends.first);
    if (!running)
        json_put_value(out, "endedAt", ends.last);
    put_file(runs, run, "function", out);
    put_file(runs, run, "local", out);
    if (!running)
        put_memory_mb(runs, run, out);
    if (begun && !run_has(runs, run, "finished"))
        json_put_boolean(out, "recoverable", true);
    if (begun && strcmp(phase, "succeeded") != 0)
        json_put_boolean(out, "resumable", true);
    text_append_byte(out, '}');
    text_release(&states);
}

void summary_append_list(const struct runs *runs, struct text *out) {
    struct text names = TEXT_INIT;
    size_t count = runs_list(runs, LIST_LIMIT, &names);
    const char *name = text_string(&names);
    text_append_byte(out, '[');
    for (size_t i = 0; i < count; i++, name += strlen(name) + 1) {
        json_separate(out);
        summary_append(runs, span_of(name), out);
    }
    text_append_byte(out, ']');
    text_release(&names);
}
