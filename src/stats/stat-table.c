#include "stats/stat-table.h"

#include "util/json.h"

#include <math.h>
#include <string.h>

enum look { COUNT, TIME, SHARE, PRICE, WORDS };

/* `parent`: the member that contains the figure, or NULL. */
static const struct {
    const char *heading, *parent, *name;
    enum look look;
} figures[] = {{"count", NULL, "count", COUNT},
               {"failed", NULL, "failed", COUNT},
               {"cold", NULL, "coldStarts", COUNT},
               {"average (ms)", NULL, "averageDuration", TIME},
               {"mean (ms)", "durationMs", "mean", TIME},
               {"deviation (ms)", "durationMs", "standardDeviation", TIME},
               {"min (ms)", "durationMs", "min", TIME},
               {"p50 (ms)", "durationMs", "p50", TIME},
               {"p90 (ms)", "durationMs", "p90", TIME},
               {"p95 (ms)", "durationMs", "p95", TIME},
               {"p99 (ms)", "durationMs", "p99", TIME},
               {"p99.9 (ms)", "durationMs", "p99.9", TIME},
               {"max (ms)", "durationMs", "max", TIME},
               {"billed mean (ms)", "billedDurationMs", "mean", TIME},
               {"init mean (ms)", "initDurationMs", "mean", TIME},
               {"memory used (MB)", NULL, "maxMemoryUsedMB", COUNT},
               {"memory used (share)", NULL, "maxMemoryUsedShare", SHARE},
               {"cost of a million", NULL, "costOfMillion", PRICE},
               {"total cost", NULL, "totalCost", PRICE},
               {"currency", NULL, "currency", WORDS}};
enum { FIGURES = sizeof figures / sizeof *figures };

void stat_table_open(struct table *table, enum table_format format, const char *const *by, size_t by_count) {
    table_open(table, format);
    for (size_t i = 0; i < by_count; i++) {
        bool memory_mb = strcmp(by[i], "power") == 0;
        table_column(table, memory_mb ? "memory (MB)" : by[i], memory_mb);
    }
    for (size_t i = 0; i < FIGURES; i++)
        table_column(table, figures[i].heading, figures[i].look != WORDS);
}

/* Adds a cell: the content of a string, the text of any other value, empty for null or a missing member. */
static void add_words(struct table *table, struct span value) {
    struct text content = TEXT_INIT;
    if (json_type(value) == JSON_STRING)
        json_decode_string(value, &content);
    else if (value.start && json_type(value) != JSON_NULL)
        text_append(&content, value.start, value.length);
    table_cell(table, text_string(&content));
    text_release(&content);
}

static void add_figure(struct table *table, struct span value, enum look look) {
    static const int decimals[] = {0, 2, 3, 0};
    double number = json_type(value) == JSON_NUMBER ? json_number(value) : (double)NAN;
    if (look == PRICE)
        table_price(table, number, 5);
    else
        table_number(table, number, decimals[look]);
}

void stat_table_row(struct table *table, struct span object, const char *const *by, size_t by_count) {
    for (size_t i = 0; i < by_count; i++) {
        struct span value = {NULL, 0};
        json_member(object, strcmp(by[i], "power") == 0 ? "value" : by[i], &value);
        add_words(table, value);
    }
    for (size_t i = 0; i < FIGURES; i++) {
        struct span parent = object, value = {NULL, 0};
        if (!figures[i].parent || json_member(object, figures[i].parent, &parent))
            json_member(parent, figures[i].name, &value);
        if (figures[i].look == WORDS)
            add_words(table, value);
        else
            add_figure(table, value, figures[i].look);
    }
}
