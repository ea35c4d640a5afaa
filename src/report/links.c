#include "report/links.h"

#include "pick/visualization.h"
#include "util/json.h"

#include <string.h>

static void append_base(struct text *out, const struct report_run *run,
                        const struct report_settings *settings) {
    text_append_string(out, settings->visualization_url ? settings->visualization_url : VISUALIZATION_URL);
    if (strcmp(run->currency, "CNY") == 0)
        text_append_string(out, "?currency=CNY");
}

/* Appends the link that the run was read from, or the one in its result; false when there is neither. */
static bool append_own(struct text *out, const struct report_run *run) {
    struct span machine, link;
    if (run->link) {
        text_append_string(out, run->link);
        return true;
    }
    if (!run->result || !json_member(span_of(run->result), "stateMachine", &machine) ||
        !json_member(machine, "visualization", &link) || json_type(link) != JSON_STRING)
        return false;
    json_decode_string(link, out);
    return true;
}

void link_append(struct text *out, const struct report_run *run, const struct report_settings *settings) {
    struct text base = TEXT_INIT;
    const struct choice *choice = &run->choice;
    if (choice->count && (settings->visualization_url || !append_own(out, run))) {
        append_base(&base, run, settings);
        visualization_append(out, text_string(&base), choice->memory_sizes, choice->durations, choice->costs,
                             choice->count);
    }
    text_release(&base);
}

static struct visualization figures_of(const struct report_run *run) {
    struct visualization figures = {run->choice.memory_sizes, run->choice.durations, run->choice.costs,
                                    run->choice.count, TEXT_INIT};
    text_append_string(&figures.legend, run->label);
    return figures;
}

void link_append_comparison(struct text *out, const struct report_run *first, const struct report_run *second,
                            const struct report_settings *settings) {
    struct visualization figures[] = {figures_of(first), figures_of(second)};
    struct text base = TEXT_INIT;
    append_base(&base, first, settings);
    visualization_append_comparison(out, text_string(&base), &figures[0], &figures[1]);
    text_release(&base);
    text_release(&figures[0].legend);
    text_release(&figures[1].legend);
}
