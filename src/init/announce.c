#include "init/announce.h"

#include "tune/price.h"
#include "util/diagnostics.h"

#include <unistd.h>

/* The least that the run can cost, a millisecond for each invocation, and the most, each at its time limit.
 */
static void announce_price(const struct plan_source *source, const char *prices, long long num) {
    const struct tuning_input *input = source->input;
    const struct function_configuration *latest = &source->state->latest;
    struct price_table table;
    struct price price;
    double megabytes = 0;
    if (!price_table_open(&table, prices))
        return;
    for (size_t i = 0; i < input->power_count; i++)
        megabytes += (double)input->powers[i];
    if (price_find(&table, source->region, latest->architecture, &price)) {
        double requests = (double)num * (double)input->power_count * price.request;
        long long timeout = source->timeout ? source->timeout : latest->timeout;
        report_warning(
            "that costs from %.2g to %.2g %s (the most if every one runs to its time limit of %lld s)",
            price_of(&price, megabytes * (double)num) + requests,
            price_of(&price, megabytes * (double)num * (double)timeout * 1000) + requests, price.currency,
            timeout);
    }
    price_table_release(&table);
}

/* Sizes run side by side; at each, one invocation follows another, unless they run in parallel. */
static void announce_time(const struct plan_source *source, long long num) {
    const struct tuning_input *input = source->input;
    long long timeout = source->timeout ? source->timeout : source->state->latest.timeout;
    long long in_turn = input->parallel_invocation ? 1 : num;
    double pauses = (double)in_turn * (double)input->sleep_between_runs_ms / 1000;
    report_warning("it takes from %.0f s to %.0f s and the time to publish the sizes", pauses,
                   pauses + (double)in_turn * (double)timeout);
}

void announce(const struct plan_source *source, const char *prices) {
    const struct tuning_input *input = source->input;
    long long num = (input->dry_run ? 1 : input->num) + source->warmup;
    if (!isatty(STDERR_FILENO))
        return;
    report_warning(
        "%s will be executed %s%lld times for real (%lld at each of %zu sizes), with all its side effects",
        source->state->latest.function_name, input->until_sure > 0 ? "at most " : "",
        num * (long long)input->power_count, num, input->power_count);
    announce_price(source, prices, num);
    announce_time(source, num);
    report_warning("until the sizes are published, invocations without a version meet the sizes being tried");
}
