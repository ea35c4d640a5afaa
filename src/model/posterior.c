#include "model/posterior.h"

#include "model/cholesky.h"
#include "util/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The components of the mixture. */
static const double fixed_parts[] = {0,    0.015, 0.04, 0.08, 0.15, 0.25, 0.36,
                                     0.48, 0.6,   0.72, 0.83, 0.92, 0.97, 1};
static const double processors[] = {1, 2, 4};
/* What sizes below 512 MB take in addition: a power of 512 MB / size, or from 400 MB down a factor of 4. */
static const double steep_powers[] = {0, 0.15, 0.6, 0}, steep_steps[] = {0, 0, 0, 1.4};
static const double steep_weights[] = {0.72, 0.12, 0.09, 0.07};
static const double smooth_deviations[] = {0.005, 0.03, 0.15, 0.6};
static const double single_deviations[] = {0.001, 0.01, 0.05, 0.25};
/* Larger deviations from the shape are rarer. */
static const double smooth_weights[] = {0.6, 0.2, 0.13, 0.07};
static const double single_weights[] = {0.4, 0.3, 0.2, 0.1};
/* In ln(memory): the correlation is one half at a factor of 2.6. */
static const double smooth_length = 0.8;
/* ln(150 ms), with a variance so large that almost any level is possible. */
static const double level_mean = 5, level_variance = 25;

enum {
    FIXED_PARTS = sizeof fixed_parts / sizeof *fixed_parts,
    PROCESSORS = sizeof processors / sizeof *processors,
    STEEPS = sizeof steep_powers / sizeof *steep_powers,
    SHAPES = FIXED_PARTS * PROCESSORS * STEEPS,
    SMOOTH = sizeof smooth_deviations / sizeof *smooth_deviations,
    SINGLE = sizeof single_deviations / sizeof *single_deviations,
    BASES = SMOOTH * SINGLE * POSTERIOR_NOISES
};

struct basis {
    double smooth, single, noise; /* variances */
};

/* Indexes from BASES on have the earlier run's curve instead of a shape. */
static bool is_prior(size_t index) {
    return index >= BASES;
}

static struct basis basis_of(const struct posterior *posterior, size_t index) {
    index %= BASES;
    double smooth = smooth_deviations[index % SMOOTH], single = single_deviations[index / SMOOTH % SINGLE];
    return (struct basis){smooth * smooth, single * single, posterior->noise[index / SMOOTH / SINGLE]};
}

/* Every fixed part is equally likely. A value in the list stands for all that are nearer to it than to the
 * others. */
static double fixed_part_weight(size_t at) {
    double from = at ? (fixed_parts[at - 1] + fixed_parts[at]) / 2 : 0;
    double to = at + 1 < FIXED_PARTS ? (fixed_parts[at] + fixed_parts[at + 1]) / 2 : 1;
    return to - from;
}

/* The log of the duration, in multiples of the duration at one processor. */
static double shape_of(double memory_mb, double fixed, double most_processors, size_t steep) {
    double below = log(fmax(512 / memory_mb, 1));
    return log(fixed + (1 - fixed) / fmin(memory_mb / 1769, most_processors)) + steep_powers[steep] * below +
           steep_steps[steep] * fmin(4 * below, 1);
}

/* Numbers of processors beyond the largest size give the same shape, so the last different one stands for all
 * of them. */
static void make_shapes(struct posterior *posterior, const struct model_size *sizes) {
    double most = 1;
    for (size_t i = 0; i < posterior->count; i++)
        most = fmax(most, sizes[i].memory_mb / 1769);
    size_t different = 1;
    while (different < PROCESSORS && processors[different - 1] < most)
        different++;
    posterior->shape_count = FIXED_PARTS * different * STEEPS;
    for (size_t shape = 0; shape < posterior->shape_count; shape++) {
        size_t part = shape % FIXED_PARTS, knee = shape / FIXED_PARTS % different;
        size_t steep = shape / FIXED_PARTS / different;
        double knees = knee + 1 == different ? (double)(PROCESSORS - knee) : 1;
        posterior->shape_weights[shape] = log(knees * fixed_part_weight(part) * steep_weights[steep]);
        for (size_t i = 0; i < posterior->count; i++)
            posterior->shapes[shape * posterior->count + i] =
                shape_of(sizes[i].memory_mb, fixed_parts[part], processors[knee], steep);
    }
}

/* Appends the earlier run's curve to the shapes. */
static void take_prior(struct posterior *posterior, const struct posterior_prior *prior) {
    double sum = exp(posterior->shape_weights[0]);
    posterior->prior = prior;
    for (size_t i = 0; prior && i < posterior->count; i++)
        posterior->shapes[posterior->shape_count * posterior->count + i] = prior->means[i];
    for (size_t i = 1; i < posterior->shape_count; i++)
        sum += exp(posterior->shape_weights[i]);
    posterior->shape_weights[posterior->shape_count] = log(sum);
}

static double prior_variance(const struct posterior *posterior, size_t index, size_t size) {
    return is_prior(index) ? posterior->prior->variances[size] : 0;
}

static void make_correlations(struct posterior *posterior, const struct model_size *sizes) {
    for (size_t i = 0; i < posterior->count; i++)
        for (size_t k = 0; k < posterior->count; k++) {
            double distance = log(sizes[i].memory_mb / sizes[k].memory_mb) / smooth_length;
            posterior->correlations[i * posterior->count + k] = exp(-distance * distance / 2);
        }
}

/* Computes the factor of the covariance of the measured means, without the level. */
static void factor_basis(const struct posterior *posterior, size_t index, size_t without, double *factor) {
    size_t measured = posterior->measured;
    struct basis basis = basis_of(posterior, index);
    for (size_t i = 0; i < measured; i++) {
        const double *row = posterior->correlations + posterior->places[i] * posterior->count;
        for (size_t k = 0; k <= i; k++)
            factor[i * measured + k] = basis.smooth * row[posterior->places[k]];
        factor[i * measured + i] += basis.single + prior_variance(posterior, index, posterior->places[i]) +
                                    basis.noise * posterior->ratios[i] / posterior->counts[i] +
                                    posterior->variances[i] + (i == without ? 1e6 : 0);
    }
    cholesky_factor(factor, measured);
}

/* Solves factor * residuals = measured means minus a shape. */
static void whiten(const struct posterior *posterior, const double *factor, size_t shape, double *residuals) {
    const double *values = posterior->shapes + shape * posterior->count;
    for (size_t i = 0; i < posterior->measured; i++)
        residuals[i] = posterior->means[i] - level_mean - values[posterior->places[i]];
    cholesky_forward(factor, posterior->measured, residuals);
}

/* Solves factor * ones = a vector of ones. */
static void whiten_ones(const struct posterior *posterior, const double *factor, double *ones) {
    for (size_t i = 0; i < posterior->measured; i++)
        ones[i] = 1;
    cholesky_forward(factor, posterior->measured, ones);
}

/* The density of an outlier at a log distance: up to a factor of 20, and nearly always slow. */
static double outlier_density(double distance) {
    return (0.05 + 0.45 * erfc(-distance / sqrt(2))) / 3;
}

/* Components whose log weight is lower than the highest by this are left out. */
static const double negligible = 10;

/* Work space of one basis, over the measured sizes. */
struct weighing {
    double *inverse; /* inverse of the covariance, including the unknown level */
    double *scratch; /* same size as `inverse` */
    double *residuals, *gains;
    double *log_deviations; /* of each size's mean, as the others predict it */
    double determinant;     /* log of the determinant of the covariance */
};

/* Updates the inverse and determinant for the unknown level, a rank-one term in the direction of the ones
 * (Sherman-Morrison formula, 1950). */
static void include_level(struct weighing *work, size_t measured) {
    double precision = 1 / level_variance;
    for (size_t i = 0; i < measured; i++) {
        work->gains[i] = 0;
        for (size_t k = 0; k < measured; k++)
            work->gains[i] += work->inverse[i * measured + k];
        precision += work->gains[i];
    }
    work->determinant += log(level_variance * precision);
    for (size_t i = 0; i < measured; i++)
        for (size_t k = 0; k < measured; k++)
            work->inverse[i * measured + k] -= work->gains[i] * work->gains[k] / precision;
}

/* An upper bound of the log weight of a component of this basis: a perfect fit, except for the size that it
 * ignores. */
static double highest_weight(const struct posterior *posterior, size_t index, const struct weighing *work) {
    const double slack = 2; /* for the weights of the shapes and factors of pi */
    struct basis basis = basis_of(posterior, index);
    double largest = 0;
    for (size_t i = 0; i < posterior->measured; i++)
        if (posterior->doubts[i] > 0)
            largest =
                fmax(largest,
                     basis.smooth + basis.single + prior_variance(posterior, index, posterior->places[i]) +
                         basis.noise * posterior->ratios[i] / posterior->counts[i] + posterior->variances[i]);
    return slack - work->determinant / 2 + (largest > 0 ? log(largest) / 2 : 0);
}

/* Prepares the work space; false when all components of this basis are negligible. */
static bool weighing_set(struct weighing *work, const struct posterior *posterior, size_t index) {
    size_t measured = posterior->measured;
    factor_basis(posterior, index, measured, work->inverse);
    work->determinant = cholesky_log_determinant(work->inverse, measured);
    if (highest_weight(posterior, index, work) < posterior->max_weight - negligible)
        return false;
    cholesky_invert(work->inverse, measured, work->scratch);
    include_level(work, measured);
    for (size_t i = 0; i < measured; i++)
        work->log_deviations[i] = -log(work->inverse[i * measured + i]) / 2;
    return true;
}

static void add_component(struct posterior *posterior, struct posterior_component component) {
    if (component.weight < posterior->max_weight - negligible)
        return;
    posterior->max_weight = fmax(posterior->max_weight, component.weight);
    posterior->components = memory_reserve(posterior->components, &posterior->component_capacity,
                                           posterior->component_count + 1, sizeof component);
    posterior->components[posterior->component_count++] = component;
}

/* The log weight of a component that ignores the measured size `i`: the density that the other sizes predict
 * for it (leave-one-out, Rasmussen and Williams, section 5.4.2) is replaced by the density of an outlier. */
static double weigh_without(const struct posterior *posterior, const struct weighing *work, size_t i,
                            double weight) {
    double precision = work->inverse[i * posterior->measured + i], gain = work->gains[i];
    double predicted = -work->log_deviations[i] - 0.9189385332046727 - gain * gain / precision / 2;
    weight -= predicted;
    if (weight < posterior->max_weight - negligible)
        return -INFINITY;
    return weight +
           log(posterior->doubts[i] / (1 - posterior->doubts[i]) * outlier_density(gain / sqrt(precision)));
}

/* Adds components for one shape: with all means, and without each mean in doubt. */
static void weigh_shape(struct posterior *posterior, size_t index, size_t shape, struct weighing *work) {
    size_t measured = posterior->measured;
    const double *values = posterior->shapes + shape * posterior->count;
    for (size_t i = 0; i < measured; i++)
        work->residuals[i] = posterior->means[i] - level_mean - values[posterior->places[i]];
    for (size_t i = 0; i < measured; i++)
        work->gains[i] = dot_product(work->inverse + i * measured, work->residuals, measured);
    double square = dot_product(work->residuals, work->gains, measured);
    double weight = posterior->shape_weights[shape] +
                    log(smooth_weights[index % SMOOTH] * single_weights[index / SMOOTH % SINGLE]) -
                    (square + work->determinant) / 2;
    add_component(posterior, (struct posterior_component){index, shape, measured, weight});
    for (size_t i = 0; i < measured; i++)
        if (posterior->doubts[i] > 0)
            add_component(posterior, (struct posterior_component){index, shape, i,
                                                                  weigh_without(posterior, work, i, weight)});
}

static void weigh_all(struct posterior *posterior) {
    size_t measured = posterior->measured, square = measured * measured;
    double *space = memory_zeroed(2 * square + 3 * measured + 1, sizeof *space);
    struct weighing work = {.inverse = space, .scratch = space + square, .residuals = space + 2 * square};
    work.gains = work.residuals + measured;
    work.log_deviations = work.gains + measured;
    for (size_t index = 0; index < (posterior->prior ? 2 * BASES : BASES); index++) {
        if (!weighing_set(&work, posterior, index))
            continue;
        for (size_t shape = 0; !is_prior(index) && shape < posterior->shape_count; shape++)
            weigh_shape(posterior, index, shape, &work);
        if (is_prior(index))
            weigh_shape(posterior, index, posterior->shape_count, &work);
    }
    free(space);
}

/* Converts log weights to weights of sum 1, without negligible components. */
static void normalise(struct posterior *posterior) {
    double sum = 0;
    size_t kept = 0;
    for (size_t i = 0; i < posterior->component_count; i++) {
        struct posterior_component component = posterior->components[i];
        if (component.weight < posterior->max_weight - negligible)
            continue;
        component.weight = exp(component.weight - posterior->max_weight);
        sum += component.weight;
        posterior->components[kept++] = component;
    }
    posterior->component_count = kept;
    for (size_t i = 0; i < kept; i++)
        posterior->components[i].weight /= sum;
}

static void take_measured(struct posterior *posterior, const struct model_size *sizes) {
    for (size_t i = 0; i < posterior->count; i++) {
        posterior->memory_sizes[i] = sizes[i].memory_mb;
        if (!(sizes[i].count > 0))
            continue;
        size_t at = posterior->measured++;
        posterior->places[at] = i;
        posterior->means[at] = sizes[i].mean;
        posterior->counts[at] = sizes[i].count;
        posterior->ratios[at] = sizes[i].ratio;
        posterior->variances[at] = sizes[i].variance;
        posterior->doubts[at] = sizes[i].doubt;
    }
}

void posterior_open(struct posterior *posterior, const struct model_size *sizes, size_t count,
                    const double noise[POSTERIOR_NOISES], const struct posterior_prior *prior) {
    *posterior = (struct posterior){.count = count, .max_weight = -INFINITY};
    posterior->memory_sizes = memory_zeroed(count, sizeof *posterior->memory_sizes);
    posterior->places = memory_zeroed(count, sizeof *posterior->places);
    posterior->means = memory_zeroed(5 * count, sizeof(double));
    posterior->counts = posterior->means + count;
    posterior->ratios = posterior->counts + count;
    posterior->variances = posterior->ratios + count;
    posterior->doubts = posterior->variances + count;
    posterior->correlations = memory_zeroed(count * count, sizeof(double));
    posterior->shapes = memory_zeroed((size_t)(SHAPES + 1) * (count + 1), sizeof(double));
    posterior->shape_weights = posterior->shapes + (size_t)(SHAPES + 1) * count;
    memcpy(posterior->noise, noise, sizeof posterior->noise);
    take_measured(posterior, sizes);
    make_shapes(posterior, sizes);
    take_prior(posterior, prior);
    make_correlations(posterior, sizes);
    weigh_all(posterior);
    normalise(posterior);
}

void posterior_close(struct posterior *posterior) {
    free(posterior->memory_sizes);
    free(posterior->places);
    free(posterior->means);
    free(posterior->correlations);
    free(posterior->shapes);
    free(posterior->components);
    *posterior = (struct posterior){0};
}

/* ---- drawing ---- */

/* What all draws of one basis have in common. */
struct sampler {
    double *factor; /* measured x measured */
    double *ones;   /* a vector of ones, solved by the factor */
    double *residuals;
    double *gains;     /* count x measured: the effect of a whitened residual on each size */
    double *remainder; /* count x count: the factor of the remaining covariance */
};

static void sampler_open(struct sampler *sampler, const struct posterior *posterior) {
    size_t count = posterior->count, measured = posterior->measured;
    *sampler = (struct sampler){.factor = memory_zeroed(measured * (measured + 2) + 1, sizeof(double)),
                                .gains = memory_zeroed(count * measured + 1, sizeof(double)),
                                .remainder = memory_zeroed(count * count, sizeof(double))};
    sampler->ones = sampler->factor + measured * measured;
    sampler->residuals = sampler->ones + measured;
}

static void sampler_close(struct sampler *sampler) {
    free(sampler->factor);
    free(sampler->gains);
    free(sampler->remainder);
}

static void sampler_set(struct sampler *sampler, const struct posterior *posterior,
                        const struct posterior_component *component) {
    size_t count = posterior->count, measured = posterior->measured;
    struct basis basis = basis_of(posterior, component->basis);
    factor_basis(posterior, component->basis, component->without, sampler->factor);
    whiten_ones(posterior, sampler->factor, sampler->ones);
    for (size_t i = 0; i < count; i++) {
        double *row = sampler->gains + i * measured;
        double single = basis.single + prior_variance(posterior, component->basis, i);
        for (size_t k = 0; k < measured; k++)
            row[k] = basis.smooth * posterior->correlations[i * count + posterior->places[k]] +
                     (posterior->places[k] == i ? single : 0);
        cholesky_forward(sampler->factor, measured, row);
        for (size_t k = 0; k <= i; k++)
            sampler->remainder[i * count + k] = basis.smooth * posterior->correlations[i * count + k] +
                                                (i == k ? single : 0) -
                                                dot_product(row, sampler->gains + k * measured, measured);
    }
    cholesky_factor(sampler->remainder, count);
}

static void draw_curve(const struct posterior *posterior, const struct posterior_component *component,
                       struct sampler *sampler, struct random *random, double *curve) {
    size_t count = posterior->count, measured = posterior->measured;
    const double *shape = posterior->shapes + component->shape * count;
    double precision = dot_product(sampler->ones, sampler->ones, measured) + 1 / level_variance;
    whiten(posterior, sampler->factor, component->shape, sampler->residuals);
    double level = dot_product(sampler->ones, sampler->residuals, measured) / precision +
                   random_normal(random) / sqrt(precision);
    for (size_t i = 0; i < measured; i++)
        sampler->residuals[i] -= level * sampler->ones[i];
    for (size_t i = 0; i < count; i++)
        curve[i] = random_normal(random);
    for (size_t i = count; i-- > 0;)
        curve[i] = level_mean + level + shape[i] +
                   dot_product(sampler->gains + i * measured, sampler->residuals, measured) +
                   dot_product(sampler->remainder + i * count, curve, i + 1);
}

/* Systematic resampling: picks each component in proportion to its weight. */
static void pick_components(const struct posterior *posterior, struct random *random,
                            const struct posterior_component **picks, size_t draws) {
    double offset = random_uniform(random), cumulated = 0;
    size_t drawn = 0;
    for (size_t i = 0; i < posterior->component_count; i++) {
        cumulated += posterior->components[i].weight * (double)draws;
        bool last = i + 1 == posterior->component_count;
        while (drawn < draws && (last || (double)drawn + offset < cumulated))
            picks[drawn++] = &posterior->components[i];
    }
}

static int compare_picks(const void *a, const void *b) {
    const struct posterior_component *x = *(const struct posterior_component *const *)a,
                                     *y = *(const struct posterior_component *const *)b;
    if (x->basis != y->basis)
        return x->basis < y->basis ? -1 : 1;
    if (x->without != y->without)
        return x->without < y->without ? -1 : 1;
    return (x > y) - (x < y);
}

void posterior_draw(const struct posterior *posterior, struct random *random, double *curves, size_t draws) {
    struct sampler sampler;
    const struct posterior_component **picks = memory_zeroed(draws, sizeof(struct posterior_component *)),
                                     *ready = NULL;
    sampler_open(&sampler, posterior);
    pick_components(posterior, random, picks, draws);
    qsort(picks, draws, sizeof(struct posterior_component *), compare_picks);
    for (size_t i = 0; i < draws; i++) {
        if (!ready || ready->basis != picks[i]->basis || ready->without != picks[i]->without)
            sampler_set(&sampler, posterior, ready = picks[i]);
        draw_curve(posterior, picks[i], &sampler, random, curves + i * posterior->count);
    }
    sampler_close(&sampler);
    free(picks);
}
