#include "report/page.h"

#include "report/chartdata.h"
#include "report/html.h"
#include "report/internal.h"
#include "util/base64.h"
#include "util/diagnostics.h"
#include "util/files.h"

#include <errno.h>
#include <openssl/sha.h>
#include <string.h>

enum { PART_LIMIT = 4 * 1024 * 1024 };

enum slot { TITLE, POLICY, STYLE, HEADING, MAIN, DATA, CHART, SCRIPT, SLOTS };
static const char *const slot_names[SLOTS] = {"title", "policy", "style", "heading",
                                              "main",  "data",   "chart", "script"};

/* ---- parts ---- */

static bool read_part(const char *name, struct text *part) {
    struct text path = TEXT_INIT;
    share_path(name, &path);
    bool good = file_read(text_string(&path), PART_LIMIT, part);
    if (!good)
        report_error("cannot read '%s': %s", text_string(&path), strerror(errno));
    text_release(&path);
    return good;
}

/* Reads a part that is inserted unescaped into an element; it must not contain the end tag of the element. */
static bool read_script(const char *name, const char *end, struct text *part) {
    if (!read_part(name, part))
        return false;
    if (!strcasestr(text_string(part), end))
        return true;
    report_error("cannot include '%s' in the page: it contains '%s'", name, end);
    return false;
}

static void append_hash(struct text *out, const struct text *content) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)text_string(content), content->length, digest);
    text_append_string(out, " 'sha256-");
    base64_encode(digest, sizeof digest, out);
    text_append_byte(out, '\'');
}

static void append_policy(struct text slots[SLOTS]) {
    struct text *policy = &slots[POLICY];
    text_append_string(policy, "default-src 'none'; script-src");
    append_hash(policy, &slots[CHART]);
    append_hash(policy, &slots[SCRIPT]);
    text_append_string(policy, "; style-src");
    append_hash(policy, &slots[STYLE]);
    text_append_string(policy, "; img-src data:; base-uri 'none'; form-action 'none'");
}

/* ---- content ---- */

static void append_title(struct text *out, const struct report_runs *runs) {
    const struct report_run *run = &runs->list[0];
    if (runs->count > 1)
        text_append_format(out, runs->compared ? "Comparison of %zu runs" : "%zu functions", runs->count);
    else if (*run->name)
        html_text(out, run->name);
    else
        text_append_string(out, "Memory of a Lambda function");
}

static void append_run(struct text *out, const struct report_runs *runs, size_t index,
                       const struct report_settings *settings) {
    const struct report_run *run = &runs->list[index];
    text_append_string(out, "<article>\n");
    if (runs->count > 1) {
        text_append_format(out, "<header class=\"run\"><p>%s</p><p class=\"name\"><bdi>",
                           runs->compared ? "Run" : "Function");
        html_text(out, run->label);
        text_append_string(out, "</bdi></p></header>\n");
    }
    section_summary(out, run);
    section_figures(out, run, index);
    section_spread(out, run, index);
    section_starts(out, run, index);
    section_details(out, run, index, settings);
    text_append_string(out, "</article>\n");
}

static void fill_slots(struct text slots[SLOTS], const struct report_runs *runs,
                       const struct report_settings *settings) {
    struct text data = TEXT_INIT;
    append_title(&slots[HEADING], runs);
    append_title(&slots[TITLE], runs);
    text_append_string(&slots[TITLE], " – power-tune");
    if (runs->compared)
        section_comparison(&slots[MAIN], runs);
    for (size_t i = 0; i < runs->count; i++)
        append_run(&slots[MAIN], runs, i, settings);
    chart_data_append(&data, runs);
    html_json(&slots[DATA], (struct span){text_string(&data), data.length});
    text_release(&data);
    append_policy(slots);
}

/* ---- the template ---- */

static bool find_slot(struct span name, enum slot *slot) {
    for (size_t i = 0; i < SLOTS; i++)
        if (span_equals(name, slot_names[i])) {
            *slot = (enum slot)i;
            return true;
        }
    return false;
}

static void fill_template(struct text *out, const char *at, const struct text slots[SLOTS]) {
    for (const char *open; (open = strstr(at, "{{"));) {
        const char *close = strstr(open, "}}");
        enum slot slot;
        if (!close)
            break;
        text_append(out, at, (size_t)(open - at));
        if (find_slot((struct span){open + 2, (size_t)(close - open) - 2}, &slot))
            text_append(out, text_string(&slots[slot]), slots[slot].length);
        at = close + 2;
    }
    text_append_string(out, at);
}

bool page_append(struct text *out, const struct report_runs *runs, const struct report_settings *settings) {
    struct text slots[SLOTS] = {TEXT_INIT}, template = TEXT_INIT;
    bool good = read_part("report/report.html", &template) &&
                read_script("report/report.css", "</style", &slots[STYLE]) &&
                read_script("report/chart.js", "</script", &slots[CHART]) &&
                read_script("report/report.js", "</script", &slots[SCRIPT]);
    if (good) {
        fill_slots(slots, runs, settings);
        fill_template(out, text_string(&template), slots);
    }
    for (size_t i = 0; i < SLOTS; i++)
        text_release(&slots[i]);
    text_release(&template);
    return good;
}
