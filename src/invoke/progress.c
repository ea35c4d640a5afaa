#include "invoke/progress.h"

#include "aws/client.h"
#include "util/diagnostics.h"
#include "util/terminal.h"
#include "util/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { INTERVAL_MS = 100, MAX_BAR = 30, DEFAULT_COLUMNS = 80 };

void progress_open(struct progress *progress, bool wanted) {
    const char *term = getenv("TERM");
    *progress = (struct progress){
        .shown = wanted, .unicode = terminal_is_utf8(), .colour = terminal_has_colour(STDERR_FILENO)};
    progress->terminal = wanted && isatty(STDERR_FILENO) && (!term || strcmp(term, "dumb") != 0);
}

static void append_bar(const struct progress *progress, double share, size_t width, struct text *out) {
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    size_t done = (size_t)(share * (double)width * 8), full = done / 8, drawn = full;
    text_append_string(out, progress->colour ? "\033[36m" : "");
    for (size_t i = 0; i < full; i++)
        text_append_string(out, progress->unicode ? "█" : "#");
    if (progress->unicode && done % 8) {
        text_append_string(out, eighths[done % 8]);
        drawn++;
    }
    text_append_string(out, progress->colour ? "\033[2m" : "");
    for (; drawn < width; drawn++)
        text_append_string(out, progress->unicode ? "·" : ".");
    text_append_string(out, progress->colour ? "\033[0m" : "");
}

/* The estimated time left for a branch, from its speed so far, pauses included. */
static void append_time_left(const struct progress *progress, const struct branch *branch, struct text *out) {
    double elapsed = (double)(monotonic_ms() - progress->started_ms) / 1000;
    double left = elapsed / (double)branch->responses * (double)(branch->planned - branch->done);
    if (left < 60)
        text_append_format(out, "  %.0f s left", left);
    else
        text_append_format(out, "  %.0f min %02.0f s left", floor(left / 60), floor(fmod(left, 60)));
}

/* The mean time that the client measured, with the network. The measurements themselves use the platform's
 * durations. */
static void append_round_trip(const struct branch *branch, struct text *out) {
    text_append_format(out, "round trip %.1f ms", branch->duration_sum_ms / (double)branch->responses);
}

/* Appends the line of a branch, cut to the width of the terminal: a wrapped line would spoil the next
 * picture. */
static void append_line(const struct progress *progress, const struct branch *branch, size_t columns,
                        struct text *out) {
    enum { OTHERS = 58 };
    size_t bar = columns > OTHERS + MAX_BAR ? MAX_BAR : columns > OTHERS + 4 ? columns - OTHERS : 4;
    double share = branch->planned ? (double)branch->done / (double)branch->planned : 0;
    struct text words = TEXT_INIT;
    text_append_format(&words, " %lld/%lld", branch->done, branch->planned);
    if (branch->responses) {
        text_append_string(&words, "  ");
        append_round_trip(branch, &words);
    }
    if (branch->excluded)
        text_append_string(&words, "  left out");
    else if (branch->responses && branch->done < branch->planned)
        append_time_left(progress, branch, &words);
    text_append_format(out, "%6lld MB ", branch->memory_mb);
    append_bar(progress, share, bar, out);
    size_t room = columns > bar + 11 ? columns - bar - 11 : 0;
    text_append(out, text_string(&words), words.length < room ? words.length : room);
    text_release(&words);
}

static size_t terminal_rows(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 3)
        return (size_t)size.ws_row - 2;
    return 20;
}

static void draw(struct progress *progress, const struct branches *branches) {
    struct text picture = TEXT_INIT;
    size_t columns = terminal_columns(STDERR_FILENO);
    size_t most = terminal_rows(), shown = branches->count < most ? branches->count : most;
    if (progress->lines)
        text_append_format(&picture, "\033[%zuA", progress->lines);
    for (size_t i = 0; i < shown; i++) {
        append_line(progress, &branches->branches[i], columns ? columns : DEFAULT_COLUMNS, &picture);
        text_append_string(&picture, "\033[K\n");
    }
    if (shown < branches->count)
        text_append_format(&picture, "   and %zu more sizes\033[K\n", branches->count - shown);
    progress->lines = shown + (shown < branches->count);
    ssize_t ignored = write(STDERR_FILENO, picture.bytes, picture.length);
    (void)ignored;
    text_release(&picture);
}

void progress_show(struct progress *progress, const struct branches *branches) {
    if (!progress->terminal || !branches->count)
        return;
    int64_t now = monotonic_ms();
    if (!progress->started_ms)
        progress->started_ms = now;
    if (now < progress->next_ms)
        return;
    progress->next_ms = now + INTERVAL_MS;
    draw(progress, branches);
}

void progress_branch_done(const struct progress *progress, const struct branch *branch) {
    if (!progress->shown || progress->terminal)
        return;
    struct text line = TEXT_INIT;
    text_append_format(&line, "%lld MB: %lld of %lld invocations", branch->memory_mb, branch->done,
                       branch->planned);
    if (branch->responses) {
        text_append_string(&line, ", ");
        append_round_trip(branch, &line);
    }
    text_append_byte(&line, '\n');
    ssize_t ignored = write(STDERR_FILENO, line.bytes, line.length);
    (void)ignored;
    text_release(&line);
}

void progress_close(struct progress *progress, const struct branches *branches) {
    if (progress->terminal && progress->lines)
        draw(progress, branches);
}
