#include "gate/condition.h"

#include "util/memory.h"
#include "util/options.h"

#include <stdlib.h>
#include <string.h>

static const struct figure figures[] = {
    {"power", FIGURE_POWER, NULL, NULL, NULL},
    {"cost", FIGURE_PRICE, NULL, NULL, NULL},
    {"costPerMillion", FIGURE_PRICE, NULL, NULL, NULL},
    {"duration", FIGURE_TIME, NULL, NULL, NULL},
    {"averagePrice", FIGURE_PRICE, NULL, NULL, NULL},
    {"averageDuration", FIGURE_TIME, NULL, NULL, NULL},
    {"maxMemoryUsed", FIGURE_MEMORY, NULL, "maxMemoryUsedMB", NULL},
    {"min", FIGURE_TIME, "durationMs", "min", NULL},
    {"p50", FIGURE_TIME, "durationMs", "p50", "p50Interval"},
    {"p90", FIGURE_TIME, "durationMs", "p90", "p90Interval"},
    {"p95", FIGURE_TIME, "durationMs", "p95", "p95Interval"},
    {"p99", FIGURE_TIME, "durationMs", "p99", "p99Interval"},
    {"p99.9", FIGURE_TIME, "durationMs", "p99.9", "p99.9Interval"},
    {"max", FIGURE_TIME, "durationMs", "max", NULL},
};

const struct figure *figure_cost(void) {
    return &figures[1];
}

const struct figure *figure_duration(void) {
    return &figures[3];
}

/* ---- reading ---- */

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t");
}

static bool read_figure(struct condition *condition, const char **at, struct text *problem) {
    size_t length = strcspn(*at, "<>=! \t");
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (strlen(figures[i].name) == length && memcmp(*at, figures[i].name, length) == 0) {
            condition->figure = &figures[i];
            *at = skip_blanks(*at + length);
            return true;
        }
    text_append_format(
        problem,
        "'%.*s' is not power, cost, costPerMillion, duration, min, p50, p90, p95, p99, p99.9, max or "
        "maxMemoryUsed",
        (int)length, *at);
    return false;
}

static bool read_relation(struct condition *condition, const char **at, struct text *problem) {
    static const struct {
        const char *sign;
        enum relation relation;
    } relations[] = {{">=", AT_LEAST}, {"<=", AT_MOST}, {"!=", DIFFERENT}, {"==", EQUAL},
                     {">", MORE},      {"<", LESS},     {"=", EQUAL}};
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        size_t length = strlen(relations[i].sign);
        if (strncmp(*at, relations[i].sign, length) == 0) {
            condition->relation = relations[i].relation;
            *at = skip_blanks(*at + length);
            return true;
        }
    }
    text_append_string(problem, "expected >, >=, <, <=, = or != after the figure");
    return false;
}

static void read_reference(struct condition *condition, const char **at) {
    static const char *const names[] = {[CURRENT] = "current", [BASELINE] = "baseline"};
    for (enum reference reference = CURRENT; reference <= BASELINE; reference++) {
        size_t length = strlen(names[reference]);
        if (strncmp(*at, names[reference], length) == 0) {
            condition->reference = reference;
            *at = skip_blanks(*at + length);
            return;
        }
    }
    if (**at == '+' || **at == '-')
        condition->reference = BASELINE;
}

static bool read_number(struct condition *condition, const char **at, struct text *problem) {
    char digits[32];
    bool relative = condition->reference != NO_REFERENCE, negative = relative && **at == '-';
    if (relative && **at != '+' && **at != '-') {
        text_append_format(problem, "'%s': expected + or - after current or baseline", *at);
        return false;
    }
    *at += relative;
    size_t length = strspn(*at, "0123456789.eE+-");
    if (length < sizeof digits) {
        memcpy(digits, *at, length);
        digits[length] = '\0';
        if (parse_number(digits, 0, 1e12, &condition->bound)) {
            condition->bound = negative ? -condition->bound : condition->bound;
            *at = skip_blanks(*at + length);
            return true;
        }
    }
    text_append_format(problem, "'%s' does not begin with a number, current or baseline", *at);
    return false;
}

static bool read_unit(struct condition *condition, const char *at, struct text *problem) {
    static const char *const wanted[] = {"the unit MB or none", "no unit", "the unit ms or s",
                                         "the unit % or MB"};
    enum figure_kind kind = condition->figure->kind;
    size_t length = strlen(at);
    while (length && (at[length - 1] == ' ' || at[length - 1] == '\t'))
        length--;
    if (length == 1 && *at == '%' && (condition->reference != NO_REFERENCE || kind == FIGURE_MEMORY)) {
        condition->share = condition->reference != NO_REFERENCE;
        condition->memory_used = !condition->share;
        condition->bound /= 100;
        return true;
    }
    if (length == 1 && *at == 's' && kind == FIGURE_TIME) {
        condition->bound *= 1000;
        return true;
    }
    bool megabytes = length == 2 && memcmp(at, "MB", 2) == 0;
    if ((length == 2 && memcmp(at, "ms", 2) == 0 && kind == FIGURE_TIME) ||
        (megabytes && (kind == FIGURE_POWER || kind == FIGURE_MEMORY)) ||
        (length == 0 && (kind == FIGURE_POWER || kind == FIGURE_PRICE)))
        return true;
    text_append_format(problem, "%s takes %s%s", condition->figure->name, wanted[kind],
                       condition->reference != NO_REFERENCE && kind != FIGURE_MEMORY ? ", or %" : "");
    return false;
}

bool condition_parse(struct condition *condition, const char *words, struct text *problem) {
    const char *at = skip_blanks(words);
    *condition = (struct condition){0};
    if (!read_figure(condition, &at, problem) || !read_relation(condition, &at, problem))
        return false;
    read_reference(condition, &at);
    bool alone = condition->reference != NO_REFERENCE && !*at;
    if (!alone && (!read_number(condition, &at, problem) || !read_unit(condition, at, problem)))
        return false;
    if (strcmp(condition->figure->name, "costPerMillion") == 0 && !condition->share)
        condition->bound /= 1e6;
    condition->words = memory_copy_string(words);
    return true;
}

void condition_release(struct condition *condition) {
    free(condition->words);
    condition->words = NULL;
}

bool condition_relates(const struct condition *condition, double value, double bound) {
    switch (condition->relation) {
    case MORE:
        return value > bound;
    case AT_LEAST:
        return value >= bound;
    case LESS:
        return value < bound;
    case AT_MOST:
        return value <= bound;
    case EQUAL:
        return !(value < bound) && !(value > bound);
    default:
        return value < bound || value > bound;
    }
}
