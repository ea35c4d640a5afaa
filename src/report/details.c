#include "report/internal.h"

#include "report/html.h"
#include "report/links.h"
#include "tune/price.h"
#include "util/json.h"
#include "util/version.h"

#include <math.h>
#include <stdlib.h>

enum { MAX_PAYLOAD = 8192 };

static void open_fact(struct text *out, const char *name) {
    text_append_format(out, "<div><dt>%s</dt><dd>", name);
}

static void close_fact(struct text *out) {
    text_append_string(out, "</dd></div>\n");
}

static void append_string_fact(struct text *out, const struct report_run *run, const char *name,
                               const char *member) {
    struct span value = report_plan_member(run, member, JSON_STRING);
    if (!value.start || value.length <= 2)
        return;
    open_fact(out, name);
    html_token(out, value);
    close_fact(out);
}

static void append_number_fact(struct text *out, const struct report_run *run, const char *name,
                               const char *member, const char *unit) {
    struct span value = report_plan_member(run, member, JSON_NUMBER);
    if (!value.start)
        return;
    open_fact(out, name);
    text_append_format(out, "%.10g%s", json_number(value), unit);
    close_fact(out);
}

/* A list of strings or numbers, separated by commas. */
static void append_list_fact(struct text *out, const struct report_run *run, const char *name,
                             const char *member, const char *unit) {
    struct json_cursor cursor = json_cursor(report_plan_member(run, member, JSON_ARRAY));
    struct span element;
    bool any = false;
    while (json_next_element(&cursor, &element)) {
        if (any)
            text_append_string(out, ", ");
        else
            open_fact(out, name);
        any = true;
        if (json_type(element) == JSON_STRING)
            html_token(out, element);
        else
            html_span(out, element);
    }
    if (!any)
        return;
    text_append_string(out, unit);
    close_fact(out);
}

static void append_flag_fact(struct text *out, const struct report_run *run, const char *name,
                             const char *member) {
    if (!report_plan_member(run, member, JSON_TRUE).start)
        return;
    open_fact(out, name);
    text_append_string(out, "yes");
    close_fact(out);
}

/* ---- the function and its run ---- */

/* A run ID begins with the start time of the run: 20261123T200302Z. */
static void append_time(struct text *out, const struct report_run *run) {
    struct span id = report_plan_member(run, "runId", JSON_STRING);
    if (!id.start || id.length < 18 || id.start[9] != 'T' || id.start[16] != 'Z')
        return;
    for (size_t i = 1; i < 16; i++)
        if (i != 9 && (id.start[i] < '0' || id.start[i] > '9'))
            return;
    const char *at = id.start + 1;
    open_fact(out, "Measured");
    text_append_format(out, "%.4s-%.2s-%.2s %.2s:%.2s UTC", at, at + 4, at + 6, at + 9, at + 11);
    close_fact(out);
}

/* The memory of $LATEST, and of the version that the sizes are compared with. */
static void append_present(struct text *out, const struct report_run *run) {
    struct span power = report_plan_member(run, "presentPower", JSON_NUMBER);
    append_number_fact(out, run, power.start ? "Memory of $LATEST" : "Memory now", "memorySizeMB", " MB");
    if (!power.start)
        return;
    append_string_fact(out, run, "Compared alias", "presentAlias");
    append_string_fact(out, run, "Compared version", "presentVersion");
    append_number_fact(out, run, "Its memory", "presentPower", " MB");
}

static void append_function(struct text *out, const struct report_run *run) {
    if (*run->name) {
        open_fact(out, "Function");
        html_text(out, run->name);
        close_fact(out);
    }
    append_string_fact(out, run, "ARN", "functionArn");
    append_string_fact(out, run, "Description", "description");
    append_string_fact(out, run, "Region", "region");
    append_string_fact(out, run, "Architecture", "architecture");
    append_present(out, run);
    append_number_fact(out, run, "Timeout", "timeout", " s");
    append_string_fact(out, run, "Code (SHA-256)", "codeSha256");
}

/* A run with --until-sure may stop before it has tried every size. */
static void append_untried(struct text *out, const struct report_run *run) {
    size_t count;
    double *untried = report_run_untried(run, &count);
    if (count)
        open_fact(out, "Not tried (not needed to be sure)");
    for (size_t i = 0; i < count; i++)
        text_append_format(out, "%s%g", i ? ", " : "", untried[i]);
    if (count) {
        text_append_string(out, " MB");
        close_fact(out);
    }
    free(untried);
}

static void append_run(struct text *out, const struct report_run *run) {
    struct span machine, cost;
    append_time(out, run);
    append_string_fact(out, run, "Run", "runId");
    append_list_fact(out, run, "Sizes requested", "powerValues", " MB");
    append_untried(out, run);
    append_number_fact(out, run, "Invocations per size", "num", "");
    append_flag_fact(out, run, "In parallel", "parallelInvocation");
    append_flag_fact(out, run, "Cold starts only", "onlyColdStarts");
    open_fact(out, "Strategy");
    text_append_string(out, section_strategy_words(run->strategy));
    if (run->strategy == STRATEGY_BALANCED)
        text_append_format(out, ", weight of cost %g", run->weight);
    close_fact(out);
    append_list_fact(out, run, "Limits", "limit", "");
    append_list_fact(out, run, "Errors accepted as results", "allowedExceptions", "");
    open_fact(out, "Trimmed from averages");
    text_append_format(out, "%g %% at each end", 100 * run->discard);
    close_fact(out);
    if (run->result && json_member(span_of(run->result), "stateMachine", &machine) &&
        json_member(machine, "lambdaCost", &cost) && json_type(cost) == JSON_NUMBER) {
        open_fact(out, "Cost of the run");
        html_price(out, json_number(cost));
        text_append_format(out, " %s", run->currency);
        close_fact(out);
    }
}

/* ---- the input ---- */

static void append_payload(struct text *out, struct span token) {
    struct text payload = TEXT_INIT;
    json_decode_string(token, &payload);
    size_t shown = payload.length;
    if (shown > MAX_PAYLOAD)
        for (shown = MAX_PAYLOAD; shown && (payload.bytes[shown] & 0xc0) == 0x80;)
            shown--;
    text_append_string(out, "<pre tabindex=\"0\">");
    html_span(out, (struct span){text_string(&payload), shown});
    text_append_string(out, "</pre>");
    if (shown < payload.length)
        text_append_format(out, "<p class=\"hint\">The first %zu of %zu bytes.</p>", shown, payload.length);
    text_release(&payload);
}

static void append_payloads(struct text *out, struct span list) {
    enum { SHOWN = 20 };
    struct json_cursor cursor = json_cursor(list);
    struct span element, payload, weight;
    for (size_t position = 0; json_next_element(&cursor, &element); position++) {
        if (position == SHOWN) {
            text_append_format(out, "<p class=\"hint\">Only the first %d payloads are shown.</p>", SHOWN);
            break;
        }
        if (json_member(element, "weight", &weight) && json_type(weight) == JSON_NUMBER)
            text_append_format(out, "<p>Weight %g</p>\n", json_number(weight));
        if (json_member(element, "payload", &payload) && json_type(payload) == JSON_STRING)
            append_payload(out, payload);
        else
            text_append_string(out, "<p class=\"hint\">Payload not recorded.</p>");
    }
}

static void append_input(struct text *out, const struct report_run *run) {
    struct span payload = report_plan_member(run, "payload", JSON_STRING),
                payloads = report_plan_member(run, "payloads", JSON_ARRAY);
    if (!run->plan)
        return;
    text_append_string(out, "<h3>Input</h3>\n");
    if (payloads.start)
        append_payloads(out, payloads);
    else if (payload.start)
        append_payload(out, payload);
    else
        text_append_string(out, "<p class=\"hint\">Payload not recorded.</p>\n");
}

/* ---- the price ---- */

static void append_table_facts(struct text *out, const struct price_table *table) {
    static const char *const members[][2] = {{"Prices of", "date"}, {"Source of the prices", "source"}};
    for (size_t i = 0; i < 2; i++) {
        struct span value;
        if (!json_member(table->object, members[i][1], &value) || json_type(value) != JSON_STRING)
            continue;
        open_fact(out, members[i][0]);
        html_token(out, value);
        close_fact(out);
    }
}

static void append_request_price(struct text *out, const struct report_run *run) {
    const struct memory_size *size = report_run_size(run, 0);
    double with = report_figure(size, "costOfMillionWithRequests", NULL),
           without = report_figure(size, "costOfMillion", NULL);
    if (!(with > without))
        return;
    open_fact(out, "Price of a million requests");
    html_price(out, with - without);
    text_append_format(out, " %s", run->currency);
    close_fact(out);
}

/* Shows the price that the figures were computed with, and its date when the price table has the same
 * price. */
static void append_price_facts(struct text *out, const struct report_run *run,
                               const struct price_table *table, double gb_second) {
    struct text region = TEXT_INIT, architecture = TEXT_INIT;
    struct price price;
    struct span value = report_plan_member(run, "region", JSON_STRING);
    if (value.start)
        json_decode_string(value, &region);
    if ((value = report_plan_member(run, "architecture", JSON_STRING)).start)
        json_decode_string(value, &architecture);
    const char *name = architecture.length ? text_string(&architecture) : "x86_64";
    bool same =
        price_find(table, text_string(&region), name, &price) && fabs(price.gb_second / gb_second - 1) < 1e-6;
    open_fact(out, "Price of a GB-second");
    html_price(out, gb_second);
    text_append_format(
        out, " %s%s", run->currency,
        same && price.assumed ? " (default: the price for this region and architecture is unknown)" : "");
    close_fact(out);
    append_request_price(out, run);
    if (same) {
        append_table_facts(out, table);
    } else {
        open_fact(out, "Prices of");
        text_append_string(out, run->plan ? "an unknown date: the run used another price table"
                                          : "an unknown region and date");
        close_fact(out);
    }
    text_release(&region);
    text_release(&architecture);
}

static void append_price(struct text *out, const struct report_run *run,
                         const struct report_settings *settings) {
    double gb_second = report_gb_second(run);
    struct price_table table;
    if (isnan(gb_second) || !price_table_open(&table, settings->prices))
        return;
    append_price_facts(out, run, &table, gb_second);
    price_table_release(&table);
}

/* ---- the section ---- */

static bool is_web_address(const char *url) {
    return strncmp(url, "https://", 8) == 0 || strncmp(url, "http://", 7) == 0;
}

static void append_link(struct text *out, const struct report_run *run,
                        const struct report_settings *settings) {
    struct text url = TEXT_INIT;
    link_append(&url, run, settings);
    if (is_web_address(text_string(&url))) {
        open_fact(out, "Also at");
        text_append_string(out, "<a rel=\"noreferrer\" href=\"");
        html_text(out, text_string(&url));
        text_append_string(out, "\">the chart of aws-lambda-power-tuning</a>");
        close_fact(out);
    }
    text_release(&url);
}

void section_details(struct text *out, const struct report_run *run, size_t index,
                     const struct report_settings *settings) {
    text_append_format(out, "<section aria-labelledby=\"details-%zu\">\n<h2 id=\"details-%zu\">", index,
                       index);
    text_append_string(out, "Details</h2>\n<dl class=\"facts\">\n");
    append_function(out, run);
    append_run(out, run);
    append_price(out, run, settings);
    append_link(out, run, settings);
    open_fact(out, "Made by");
    text_append_string(out, "power-tune " POWER_TUNE_VERSION);
    close_fact(out);
    text_append_string(out, "</dl>\n");
    append_input(out, run);
    text_append_string(out, "</section>\n");
}
