#include "logparse/note.h"

#include <stdio.h>

void log_note_reason(char *reason, enum report_result result, const struct report *report) {
    const char *missing = !report->request_id.start        ? "request id"
                          : !report->duration.start        ? "Duration"
                          : !report->billed_duration.start ? "Billed Duration"
                          : !report->memory_size           ? "Memory Size"
                          : !report->max_memory_used.start ? "Max Memory Used"
                                                           : NULL;
    const size_t room = sizeof((struct log_note *)NULL)->reason;
    if (result == REPORT_BAD || !missing)
        snprintf(reason, room, "a figure cannot be read");
    else
        snprintf(reason, room, "no %s", missing);
}

void log_note_prefix(char *reason, struct span prefix) {
    enum { MAX_SHOWN = 48 };
    bool cut = prefix.length > MAX_SHOWN;
    snprintf(reason, sizeof((struct log_note *)NULL)->reason, "an unknown prefix '%.*s%s'",
             cut ? MAX_SHOWN : (int)prefix.length, prefix.start, cut ? "..." : "");
}
