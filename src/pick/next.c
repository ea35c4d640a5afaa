#include "pick/next.h"

#include "util/diagnostics.h"
#include "util/json.h"

#include <math.h>
#include <stdlib.h>

static void append_configuration(struct text *out, const struct memory_size *size, long long num,
                                 long long index, bool cold_start) {
    struct text members = TEXT_INIT, plain = TEXT_INIT;
    text_append_byte(&members, '{');
    json_put_number(&members, "num", (double)num);
    if (index > 0 || cold_start)
        json_put_number(&members, "index", (double)index);
    text_append_byte(&members, '}');
    text_append_byte(&plain, '{');
    json_put_string(&plain, "type", "configuration");
    json_put_number(&plain, "power", size->stat.memory_mb);
    text_append_byte(&plain, '}');
    struct span base = {plain.bytes, plain.length};
    if (size->configuration && !cold_start)
        base = span_of(size->configuration);
    record_extend(out, base, (struct span){members.bytes, members.length});
    text_append_byte(out, '\n');
    text_release(&members);
    text_release(&plain);
}

static double rounded(double number) {
    return round(number * 1e6) / 1e6;
}

static void append_round(struct text *out, const struct trials *trials, const struct model_size *sizes) {
    for (size_t i = 0; i < trials->sizes.count; i++) {
        const struct memory_size *size = &trials->sizes.list[i];
        long long spent = (long long)size->observed.count + (long long)size->failures;
        long long index = size->next_index > spent ? size->next_index : spent;
        for (size_t k = 0; trials->cold_starts && k < sizes[i].next; k++)
            append_configuration(out, size, 1, index + (long long)k, true);
        if (!trials->cold_starts && sizes[i].next)
            append_configuration(out, size, (long long)sizes[i].next, index, false);
    }
}

/* Appends what is known of the sizes that may run. */
static void put_sizes(struct text *out, const struct model_size *sizes, size_t count) {
    json_put_name(out, "sizes");
    text_append_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (sizes[i].out)
            continue;
        json_separate(out);
        text_append_byte(out, '{');
        json_put_number(out, "power", sizes[i].memory_mb);
        json_put_number(out, "probability", sizes[i].probability);
        json_put_number(out, "expectedRegret", rounded(sizes[i].regret));
        json_put_number(out, "better", sizes[i].better);
        json_put_name(out, "averageDurationInterval");
        text_append_byte(out, '[');
        json_append_number(out, rounded(sizes[i].low));
        text_append_byte(out, ',');
        json_append_number(out, rounded(sizes[i].high));
        text_append_string(out, "]}");
    }
    text_append_byte(out, ']');
}

static void append_decision(struct text *out, const struct trials *trials, const struct model_size *sizes,
                            const struct chooser_decision *decision) {
    text_append_byte(out, '{');
    json_put_string(out, "type", "decision");
    json_put_number(out, "power", trials->sizes.list[decision->best].stat.memory_mb);
    json_put_number(out, "confidence", decision->confidence);
    json_put_number(out, "expectedRegret", rounded(decision->expected_regret));
    json_put_number(out, "correlation", rounded(decision->correlation));
    double floor = trials_floor(trials);
    if (floor > 0)
        json_put_number(out, "memoryFloorMB", floor);
    put_sizes(out, sizes, trials->sizes.count);
    text_append_string(out, "}\n");
}

/* Adds the stats of the single measurements to the stat records of the stream. */
static bool add_figures(struct trials *trials, const struct next_settings *settings) {
    static const char *const by[] = {"power"};
    struct stat_settings figures = {.discard = settings->discard, .by = by, .by_count = 1};
    struct text record = TEXT_INIT, problem = TEXT_INIT;
    bool good =
        !trials->groups.count || price_choose(NULL, settings->region, settings->architecture, &figures.price);
    for (size_t i = 0; good && i < trials->groups.count; i++) {
        text_clear(&record);
        stat_append(&record, trials->groups.groups[i], &figures);
        sizes_add_stat(settings->sizes, (struct span){record.bytes, record.length}, &problem);
    }
    text_release(&record);
    text_release(&problem);
    return good;
}

/* Excludes the sizes that exceed a limit, once they have LIMIT_COUNT measurements; no size is chosen
 * before that. */
static bool apply_limits(struct trials *trials, struct model_size *sizes,
                         const struct next_settings *settings) {
    if (!settings->limits->count)
        return true;
    if (!add_figures(trials, settings))
        return false;
    limits_apply(settings->limits, settings->sizes);
    for (size_t i = 0; i < trials->sizes.count; i++) {
        sizes[i].least = LIMIT_COUNT;
        for (size_t k = 0; k < settings->sizes->count; k++) {
            const struct memory_size *size = &settings->sizes->list[k];
            if (size->stat.memory_mb == trials->sizes.list[i].stat.memory_mb && size->broken &&
                size->stat.count >= LIMIT_COUNT)
                sizes[i].out = true;
        }
    }
    return true;
}

static void report_nothing_left(const struct memory_sizes *sizes) {
    struct text reasons = TEXT_INIT;
    sizes_reasons(&reasons, sizes);
    report_error("no size could be measured, and no invocations are left%s%s", reasons.length ? ": " : "",
                 text_string(&reasons));
    text_release(&reasons);
}

int next_append(struct text *out, struct trials *trials, const struct next_settings *settings) {
    struct chooser_settings chooser = {settings->goal, settings->percent / 100, settings->seed, NULL};
    struct chooser_decision decision;
    if (!trials->sizes.count) {
        report_error("no plan, configuration or measurement in the input: there is nothing to choose from");
        return STATUS_FAILED;
    }
    if (settings->prior) {
        prior_fit(settings->prior, trials, settings->seed);
        chooser.prior = &settings->prior->curve;
    }
    struct model_size *sizes = trials_sizes(trials, settings->prior ? settings->prior->floor : 0);
    if (!apply_limits(trials, sizes, settings)) {
        free(sizes);
        return STATUS_USAGE;
    }
    bool able = chooser_next(sizes, trials->sizes.count, &chooser, &decision);
    if (!able)
        report_nothing_left(settings->sizes);
    else if (decision.decided)
        append_decision(out, trials, sizes, &decision);
    else
        append_round(out, trials, sizes);
    free(sizes);
    return able ? STATUS_DONE : STATUS_FAILED;
}
