#include "logparse/opening.h"

#include <string.h>

/* From the opening to the type in the largest report that is known, twice over. */
enum { FARTHEST = 4096 };

static const char *line_before(const char *floor, const char *line) {
    const char *newline = line - 1 > floor ? memrchr(floor, '\n', (size_t)(line - 1 - floor)) : NULL;
    return newline ? newline + 1 : floor;
}

static bool opens(const char *line, const char *end, const char **bracket, struct log_prefix *prefix) {
    if (end > line && end[-1] == '\r')
        end--;
    if (end == line || end[-1] != '{')
        return false;
    *bracket = log_prefix_skip(line, end, prefix);
    return *bracket > line && *bracket == end - 1 && !prefix->users;
}

const char *log_opening(const char *floor, const char *line, const char **bracket,
                        struct log_prefix *prefix) {
    const char *farthest = line - floor > FARTHEST ? line - FARTHEST : floor;
    while (line > farthest) {
        const char *before = line_before(farthest, line);
        bool blank = *before == ' ' || *before == '\t', cut = before == farthest && farthest > floor;
        if (!blank || cut)
            return !cut && opens(before, line - 1, bracket, prefix) ? before : NULL;
        line = before;
    }
    return NULL;
}
