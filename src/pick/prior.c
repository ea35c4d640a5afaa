#include "pick/prior.h"

#include "util/diagnostics.h"
#include "util/files.h"
#include "util/memory.h"

#include <stdlib.h>

/* ---- reading ---- */

/* Only measurements and failures count: the sizes that the earlier run was to try do not matter here. */
static bool is_wanted(const struct record *record) {
    return record_is(record, "measurement") || record_is(record, "stat") || record_is(record, "failure");
}

static void one_line(void *context, struct record_reader *reader, struct span line) {
    struct prior *prior = context;
    struct record record;
    struct text problem = TEXT_INIT;
    if (record_of_line(reader, line, &record) == RECORD_READ && is_wanted(&record) &&
        !trials_add(&prior->trials, &record, &problem))
        record_report(reader, &record, text_string(&problem));
    text_release(&problem);
}

/* The larger of the memory that the smallest working size used and the largest size that ran out of
 * memory. */
static double minimum_memory(const struct trials *trials) {
    double failed = trials_out_of_memory(trials);
    for (size_t i = 0; i < trials->sizes.count; i++)
        if (trials->sizes.list[i].max_memory_used > 0)
            return trials->sizes.list[i].max_memory_used > failed ? trials->sizes.list[i].max_memory_used
                                                                  : failed + 1;
    return failed > 0 ? failed + 1 : 0;
}

bool prior_read(struct prior *prior, const char *path) {
    struct text file = TEXT_INIT;
    *prior = (struct prior){.trials = {.planned = true}};
    text_append_string(&file, path);
    if (is_directory(path))
        text_append_string(&file, "/stats.ndjson");
    bool good = record_read_lines(text_string(&file), one_line, prior);
    if (good && !prior->trials.sizes.count) {
        report_error("option '--prior': no measurement or stat record in '%s'", text_string(&file));
        good = false;
    }
    text_release(&file);
    prior->floor = minimum_memory(&prior->trials);
    return good;
}

/* ---- the curve ---- */

enum { DRAWS = 400 };

/* Computes means and variances of the drawn curves, after subtracting from each its mean over the wanted
 * sizes. */
static void condense(struct prior *prior, const double *curves, size_t count, const size_t *places,
                     size_t wanted) {
    double *means = prior->numbers, *squares = prior->numbers + wanted;
    for (size_t draw = 0; draw < DRAWS; draw++) {
        double level = 0;
        for (size_t i = 0; i < wanted; i++)
            level += curves[draw * count + places[i]] / (double)wanted;
        for (size_t i = 0; i < wanted; i++) {
            double value = curves[draw * count + places[i]] - level;
            means[i] += value / DRAWS;
            squares[i] += value * value / DRAWS;
        }
    }
    for (size_t i = 0; i < wanted; i++)
        squares[i] = squares[i] > means[i] * means[i] ? squares[i] - means[i] * means[i] : 0;
    prior->curve = (struct posterior_prior){means, squares};
}

void prior_fit(struct prior *prior, const struct trials *trials, uint64_t seed) {
    for (size_t i = 0; i < trials->sizes.count; i++)
        sizes_find(&prior->trials.sizes, trials->sizes.list[i].stat.memory_mb);
    size_t count = prior->trials.sizes.count, wanted = trials->sizes.count;
    struct model_size *sizes = trials_sizes(&prior->trials, 0);
    size_t *places = memory_zeroed(wanted, sizeof *places);
    double *curves = memory_zeroed(DRAWS * count, sizeof *curves);
    for (size_t i = 0, at = 0; i < count; i++)
        if (at < wanted && trials->sizes.list[at].stat.memory_mb == sizes[i].memory_mb)
            places[at++] = i;
    struct posterior posterior;
    struct random random;
    random_seed(&random, seed);
    prior->numbers = memory_zeroed(2 * wanted, sizeof *prior->numbers);
    observations_fit(&posterior, sizes, count, NULL);
    posterior_draw(&posterior, &random, curves, DRAWS);
    condense(prior, curves, count, places, wanted);
    posterior_close(&posterior);
    free(curves);
    free(places);
    free(sizes);
}

void prior_close(struct prior *prior) {
    trials_close(&prior->trials);
    free(prior->numbers);
    *prior = (struct prior){.floor = 0};
}
