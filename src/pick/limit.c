#include "pick/limit.h"

#include "pick/doubt.h"
#include "tune/record.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum kind { TIME, PRICE, MEMORY };

/* `parent` is the member of the stat record that has the figure. Without a member, the figure is an
 * average. */
static const struct {
    const char *name, *parent, *member;
    enum kind kind;
} figures[] = {{"averageDuration", NULL, NULL, TIME},
               {"averagePrice", NULL, NULL, PRICE},
               {"cost", NULL, NULL, PRICE},
               {"costPerMillion", NULL, NULL, PRICE},
               {"maxMemoryUsed", NULL, "maxMemoryUsedMB", MEMORY},
               {"min", "durationMs", "min", TIME},
               {"p50", "durationMs", "p50", TIME},
               {"p90", "durationMs", "p90", TIME},
               {"p95", "durationMs", "p95", TIME},
               {"p99", "durationMs", "p99", TIME},
               {"p99.9", "durationMs", "p99.9", TIME},
               {"max", "durationMs", "max", TIME}};
enum { FIGURES = sizeof figures / sizeof *figures };

static const struct {
    const char *name;
    enum kind kind;
    double scale;
    bool share;
} units[] = {{"ms", TIME, 1, false},
             {"s", TIME, 1e-3, false},
             {"", PRICE, 1, false},
             {"%", MEMORY, 100, true},
             {"MB", MEMORY, 1, false}};
enum { UNITS = sizeof units / sizeof *units };

/* ---- reading ---- */

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

static bool read_figure(struct limit *limit, const char **at, struct text *problem) {
    size_t length = strcspn(*at, "<>=! \t");
    for (int i = 0; i < FIGURES; i++)
        if (strlen(figures[i].name) == length && memcmp(*at, figures[i].name, length) == 0) {
            limit->figure = i;
            *at = skip_blanks(*at + length);
            return true;
        }
    text_append_format(problem,
                       "'%.*s' is not averageDuration, min, p50, p90, p95, p99, p99.9, max, averagePrice, "
                       "cost, costPerMillion or maxMemoryUsed",
                       (int)length, *at);
    return false;
}

static bool read_bound(struct limit *limit, const char *at, struct text *problem) {
    char digits[32];
    size_t length = strspn(at, "0123456789.eE+-");
    if (length < sizeof digits) {
        memcpy(digits, at, length);
        digits[length] = '\0';
        if (parse_number(digits, 0, 1e12, &limit->bound))
            return true;
    }
    text_append_format(problem, "'%s' does not begin with a number", at);
    return false;
}

static bool read_unit(struct limit *limit, const char *at, struct text *problem) {
    static const char *const wanted[] = {"the unit ms or s", "no unit", "the unit % or MB"};
    enum kind kind = figures[limit->figure].kind;
    size_t length = strlen(at);
    while (length && (at[length - 1] == ' ' || at[length - 1] == '\t'))
        length--;
    for (int i = 0; i < UNITS; i++)
        if (units[i].kind == kind && strlen(units[i].name) == length &&
            memcmp(at, units[i].name, length) == 0) {
            limit->scale = units[i].scale;
            limit->share = units[i].share;
            limit->unit = units[i].name;
            return true;
        }
    text_append_format(problem, "%s takes %s", figures[limit->figure].name, wanted[kind]);
    return false;
}

bool limits_add(struct limits *limits, const char *words, struct text *problem) {
    struct limit limit = {0};
    const char *at = skip_blanks(words);
    if (!read_figure(&limit, &at, problem))
        return false;
    if (*at != '<') {
        text_append_string(problem, "expected < or <= after the figure");
        return false;
    }
    limit.below = *++at != '=';
    at = skip_blanks(at + !limit.below);
    if (!read_bound(&limit, at, problem) ||
        !read_unit(&limit, skip_blanks(at + strspn(at, "0123456789.eE+-")), problem))
        return false;
    if (strcmp(figures[limit.figure].name, "costPerMillion") == 0)
        limit.bound /= 1e6;
    limit.words = memory_copy_string(words);
    limits->list = memory_reserve(limits->list, &limits->capacity, limits->count + 1, sizeof *limits->list);
    limits->list[limits->count++] = limit;
    return true;
}

static bool add_token(struct limits *limits, struct span token, struct text *problem) {
    struct text words = TEXT_INIT;
    bool good = json_type(token) == JSON_STRING;
    if (!good)
        text_append_format(problem, "%s is not a string", json_type_name(json_type(token)));
    good = good && json_decode_string(token, &words) && limits_add(limits, text_string(&words), problem);
    text_release(&words);
    return good;
}

bool limits_add_json(struct limits *limits, struct span value, struct text *problem) {
    struct json_cursor cursor = json_cursor(value);
    struct span element;
    if (json_type(value) != JSON_ARRAY)
        return add_token(limits, value, problem);
    while (json_next_element(&cursor, &element))
        if (!add_token(limits, element, problem))
            return false;
    return true;
}

void limits_close(struct limits *limits) {
    for (size_t i = 0; i < limits->count; i++)
        free(limits->list[i].words);
    free(limits->list);
    *limits = (struct limits){0};
}

void limits_doubt(const struct limits *limits) {
    for (size_t i = 0; i < limits->count; i++)
        if (figures[limits->list[i].figure].kind == PRICE)
            doubt_price(limits->list[i].words, limits->list[i].bound, false);
}

/* ---- applying ---- */

/* The figure in the unit of the bound; NaN when it is unknown. */
static double value_of(const struct limit *limit, const struct memory_size *size) {
    const char *parent = figures[limit->figure].parent, *member = figures[limit->figure].member;
    if (!member)
        return figures[limit->figure].kind == PRICE ? size->cost : size->duration * limit->scale;
    double number = record_number(span_of(size->object), parent, member, (double)NAN);
    return number * limit->scale / (limit->share ? size->stat.memory_mb : 1);
}

static bool satisfies(const struct limit *limit, double value) {
    return limit->below ? value < limit->bound : value <= limit->bound;
}

/* A price is given per million invocations, as in the table. */
static void append_value(struct text *out, const struct limit *limit, double value) {
    text_append_format(out, "%s: ", limit->words);
    if (isnan(value))
        text_append_string(out, "unknown");
    else if (figures[limit->figure].kind == PRICE)
        text_append_format(out, "%.6g per million (limit: %.6g)", value * 1e6, limit->bound * 1e6);
    else
        text_append_format(out, "%.6g%s%s", value, *limit->unit ? " " : "", limit->unit);
}

/* Appends the limits that the size exceeds, with its figures. Returns the largest ratio of a figure to its
 * bound; 0 when the size satisfies every limit. */
static double append_broken(struct text *out, const struct limits *limits, const struct memory_size *size) {
    double largest = 0;
    for (size_t i = 0; i < limits->count; i++) {
        const struct limit *limit = &limits->list[i];
        double value = value_of(limit, size);
        if (satisfies(limit, value))
            continue;
        double multiple = limit->bound > 0 && !isnan(value) ? value / limit->bound : (double)INFINITY;
        largest = multiple > largest ? multiple : largest;
        text_append_string(out, out->length ? ", " : "");
        append_value(out, limit, value);
    }
    return largest;
}

size_t limits_apply(const struct limits *limits, struct memory_sizes *sizes) {
    struct text broken = TEXT_INIT;
    size_t left = 0;
    for (size_t i = 0; i < sizes->count; i++) {
        struct memory_size *size = &sizes->list[i];
        if (size_is_excluded(size))
            continue;
        struct failures failures = failures_of(size);
        size->failing = failures_exclude(&failures, limits->max_failures);
        text_clear(&broken);
        if (size->failing)
            failures_append(&broken, &failures, limits->max_failures);
        else
            append_broken(&broken, limits, size);
        free(size->broken);
        size->broken = broken.length ? memory_copy_string(text_string(&broken)) : NULL;
        left += !size->broken;
    }
    text_release(&broken);
    return left;
}

void limits_closest(const struct limits *limits, const struct memory_sizes *sizes, struct text *out) {
    const struct memory_size *closest = NULL;
    struct text broken = TEXT_INIT;
    double least = 0;
    for (size_t i = 0; i < sizes->count; i++) {
        if (size_is_excluded(&sizes->list[i]) || sizes->list[i].failing)
            continue;
        text_clear(&broken);
        double distance = append_broken(&broken, limits, &sizes->list[i]);
        if (!closest || distance < least) {
            closest = &sizes->list[i];
            least = distance;
        }
    }
    text_release(&broken);
    if (closest)
        text_append_format(out, "%g MB (%s)", closest->stat.memory_mb, closest->broken);
}
