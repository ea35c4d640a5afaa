#include "invoke/progress.h"

#include "aws/client.h"
#include "util/diagnostics.h"
#include "util/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { INTERVAL_MS = 100, BAR_WIDTH = 30, MOST_LINES = 100 };

static bool locale_is_utf8(void) {
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8");
    }
    return false;
}

void progress_open(struct progress *progress, bool wanted) {
    const char *term = getenv("TERM");
    *progress = (struct progress){.shown = wanted, .unicode = locale_is_utf8()};
    progress->terminal = wanted && isatty(STDERR_FILENO) && (!term || strcmp(term, "dumb") != 0);
}

static void append_bar(const struct progress *progress, double share, struct text *out) {
    int full = (int)(share * BAR_WIDTH);
    for (int i = 0; i < BAR_WIDTH; i++)
        text_append_string(out, i < full ? (progress->unicode ? "█" : "#") : (progress->unicode ? "░" : "."));
}

static void append_line(const struct progress *progress, const struct branch *branch, struct text *out) {
    double share = branch->planned ? (double)branch->done / (double)branch->planned : 0;
    text_append_format(out, "%6lld MB ", branch->power);
    append_bar(progress, share, out);
    text_append_format(out, " %lld/%lld", branch->done, branch->planned);
    if (branch->done)
        text_append_format(out, "  %.1f ms", branch->duration_sum_ms / (double)branch->done);
    if (branch->excluded)
        text_append_string(out, "  left out");
}

/* The time that is left, from the branch that will take longest. */
static double seconds_left(const struct progress *progress, const struct branches *branches) {
    double longest = 0, elapsed = (double)(monotonic_ms() - progress->started_ms) / 1000;
    for (size_t i = 0; i < branches->count; i++) {
        const struct branch *branch = &branches->branches[i];
        if (branch->excluded || !branch->done)
            continue;
        double left = elapsed / (double)branch->done * (double)(branch->planned - branch->done);
        longest = left > longest ? left : longest;
    }
    return longest;
}

static size_t terminal_rows(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 3)
        return (size_t)size.ws_row - 2;
    return 20;
}

static void draw(struct progress *progress, const struct branches *branches) {
    struct text picture = TEXT_INIT;
    size_t most = terminal_rows(), shown = branches->count < most ? branches->count : most;
    if (progress->lines)
        text_append_format(&picture, "\033[%zuA", progress->lines);
    for (size_t i = 0; i < shown; i++) {
        append_line(progress, &branches->branches[i], &picture);
        text_append_string(&picture, "\033[K\n");
    }
    if (shown < branches->count)
        text_append_format(&picture, "   and %zu sizes more\033[K\n", branches->count - shown);
    text_append_format(&picture, "   about %.0f s left\033[K\n", seconds_left(progress, branches));
    progress->lines = shown + 1 + (shown < branches->count);
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
    text_append_format(&line, "%lld MB: %lld of %lld invocations\n", branch->power, branch->done,
                       branch->planned);
    ssize_t ignored = write(STDERR_FILENO, line.bytes, line.length);
    (void)ignored;
    text_release(&line);
}

void progress_close(struct progress *progress, const struct branches *branches) {
    if (progress->terminal && progress->lines)
        draw(progress, branches);
}
