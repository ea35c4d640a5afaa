#include "init/announce.h"

#include "util/diagnostics.h"
#include "util/json.h"

#include <unistd.h>

struct estimate {
    long long at_each, invocations; /* invocations at each size, and in all */
    long long timeout;              /* s */
    double least_cost, most_cost;   /* in the currency of the price */
    double least_s, most_s;
};

/* The minimum cost of the run (each invocation takes 1 ms) and the maximum (each takes its time limit). */
static void estimate_cost(const struct plan_source *source, struct estimate *estimate) {
    const struct tuning_input *input = source->input;
    double megabytes = 0, num = (double)estimate->at_each;
    for (size_t i = 0; i < input->memory_size_count; i++)
        megabytes += (double)input->memory_sizes[i];
    double requests = (double)estimate->invocations * source->price.request;
    estimate->least_cost = price_of(&source->price, megabytes * num) + requests;
    estimate->most_cost =
        price_of(&source->price, megabytes * num * (double)estimate->timeout * 1000) + requests;
}

/* All sizes run at the same time. At each size, one invocation follows another, unless the run is
 * parallel. */
static struct estimate estimate_of(const struct plan_source *source) {
    const struct tuning_input *input = source->input;
    struct estimate estimate = {.at_each = (input->dry_run ? 1 : input->num) + source->warmup,
                                .timeout = source->timeout ? source->timeout : source->state->latest.timeout};
    double in_turn = input->parallel_invocation ? 1 : (double)estimate.at_each;
    estimate.invocations = estimate.at_each * (long long)input->memory_size_count;
    estimate.least_s = in_turn * (double)input->sleep_between_runs_ms / 1000;
    estimate.most_s = estimate.least_s + in_turn * (double)estimate.timeout;
    estimate_cost(source, &estimate);
    return estimate;
}

void estimate_append(const struct plan_source *source, struct text *out) {
    struct estimate estimate = estimate_of(source);
    text_append_byte(out, '{');
    json_put_string(out, "type", "estimate");
    json_put_string(out, "functionName", source->state->latest.function_name);
    json_put_number(out, "invocations", (double)estimate.invocations);
    json_put_boolean(out, "atMost", source->input->until_sure > 0);
    json_put_number(out, "leastCost", estimate.least_cost);
    json_put_number(out, "mostCost", estimate.most_cost);
    json_put_string(out, "currency", source->price.currency);
    json_put_number(out, "leastSeconds", estimate.least_s);
    json_put_number(out, "mostSeconds", estimate.most_s);
    text_append_byte(out, '}');
}

static void announce_present(const struct present *present) {
    struct text words = TEXT_INIT;
    present_describe(present, &words);
    if (present->count)
        report_notice("the sizes are compared with %s", words.bytes);
    text_release(&words);
}

void announce(const struct plan_source *source) {
    const struct tuning_input *input = source->input;
    if (!isatty(STDERR_FILENO))
        return;
    struct estimate estimate = estimate_of(source);
    report_warning(
        "%s will be executed %s%lld times for real (%lld at each of %zu sizes), with all its side effects",
        source->state->latest.function_name, input->until_sure > 0 ? "at most " : "", estimate.invocations,
        estimate.at_each, input->memory_size_count);
    report_notice(
        "estimated cost: %.2g to %.2g %s (the maximum: every invocation runs to its time limit of %lld s)",
        estimate.least_cost, estimate.most_cost, source->price.currency, estimate.timeout);
    report_notice("estimated time: %.0f s to %.0f s, plus the time to publish the sizes", estimate.least_s,
                  estimate.most_s);
    if (source->payloads->use == PAYLOAD_SINGLE && payload_is_null(&source->payloads->payloads[0].body))
        report_warning("the event is null: no payload is given");
    announce_present(&source->state->present);
    report_warning(
        "until the sizes are published, invocations without a version run with the sizes being tried");
}
