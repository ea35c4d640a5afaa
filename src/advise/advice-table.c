#include "advise/advice.h"

#include "util/json.h"

#include <math.h>

static void currency_of(const struct advice *list, size_t count, struct text *currency) {
    struct span value;
    for (size_t i = 0; i < count && !currency->length; i++)
        if (list[i].present && json_member(span_of(list[i].present->object), "currency", &value) &&
            json_type(value) == JSON_STRING)
            json_decode_string(value, currency);
    if (!currency->length)
        text_append_string(currency, "USD");
}

static void add_money_column(struct table *table, const char *what, const struct text *currency) {
    struct text heading = TEXT_INIT;
    text_append_format(&heading, "%s (%s)", what, text_string(currency));
    table_column(table, text_string(&heading), true);
    text_release(&heading);
}

static void add_row(struct table *table, const struct advice *advice,
                    const struct advice_settings *settings) {
    struct text words = TEXT_INIT;
    double monthly = advice_monthly(advice, settings);
    const struct memory_size *present = advice->present;
    if (advice->function->name)
        json_decode_string(span_of(advice->function->name), &words);
    table_cell(table, text_string(&words));
    text_clear(&words);
    table_number(table, present ? present->stat.memory_mb : (double)NAN, 0);
    table_number(table, advice->max_memory_used > 0 ? advice->max_memory_used : (double)NAN, 0);
    table_number(table, advice->invocations, 0);
    table_number(table, monthly, 0);
    table_price(table, advice_monthly_cost(advice, settings), 4);
    table_number(table, advice->memory_mb > 0 ? advice->memory_mb : (double)NAN, 0);
    table_price(table, advice_monthly_saving(advice, settings), 4);
    advice_sentence(&words, advice, settings);
    table_cell(table, text_string(&words));
    text_release(&words);
}

void advice_append_table(struct text *out, const struct advice *list, size_t count,
                         const struct advice_settings *settings, enum table_format format) {
    struct text currency = TEXT_INIT;
    struct table table;
    table_open(&table, format);
    currency_of(list, count, &currency);
    table_column(&table, "function", false);
    table_column(&table, "memory (MB)", true);
    table_column(&table, "used at most (MB)", true);
    table_column(&table, "invocations", true);
    table_column(&table, "a month", true);
    add_money_column(&table, "cost a month", &currency);
    table_column(&table, "better (MB)", true);
    add_money_column(&table, "saving a month", &currency);
    table_column(&table, "advice", false);
    for (size_t i = 0; i < count; i++)
        add_row(&table, &list[i], settings);
    table_append(out, &table);
    table_close(&table);
    text_release(&currency);
    if (format != TABLE_ALIGNED)
        return;
    if (settings->days > 0)
        text_append_format(out, "\nA month is 30 days at the rate of the logs, which cover %.3g days. ",
                           settings->days);
    else
        text_append_string(out,
                           "\nThe logs have no timestamps: use --days N to say how many days they cover. ");
    text_append_string(
        out,
        "For a function logged at one size the saving is an upper bound: it assumes the same duration.\n");
}
