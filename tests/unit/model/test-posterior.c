/* The posterior of a function's durations, and its parts. */
#include "model/assessment.h"
#include "model/cholesky.h"
#include "model/noise.h"
#include "unit/unit.h"

enum { SIZES = 6, DRAWS = 500 };

static const double memory_sizes[SIZES] = {128, 256, 512, 1024, 1536, 3008};

static double duration_at(double memory_mb) {
    return 100 + 400 / fmin(memory_mb / 1769, 1);
}

/* A posterior with `count` measurements at each size except `without`. */
static void measure(struct model_size *sizes, size_t without, double count) {
    for (size_t i = 0; i < SIZES; i++)
        sizes[i] = (struct model_size){.memory_mb = memory_sizes[i],
                                       .count = i == without ? 0 : count,
                                       .mean = log(duration_at(memory_sizes[i])),
                                       .ratio = 1};
}

static double mean_at(const struct model_size *sizes, const double *noise, size_t size) {
    static double curves[DRAWS * SIZES];
    struct posterior posterior;
    struct random random;
    double sum = 0;
    random_seed(&random, 1);
    posterior_open(&posterior, sizes, SIZES, noise, NULL);
    posterior_draw(&posterior, &random, curves, DRAWS);
    for (size_t draw = 0; draw < DRAWS; draw++)
        sum += curves[draw * SIZES + size] / DRAWS;
    posterior_close(&posterior);
    return sum;
}

int main(void) {
    struct model_size sizes[SIZES];
    double noise[POSTERIOR_NOISES];
    TEST("a matrix times its inverse is the identity") {
        const double matrix[9] = {4, 0, 0, 2, 5, 0, 1, 3, 6}, whole[9] = {4, 2, 1, 2, 5, 3, 1, 3, 6};
        double inverse[9], work[9];
        memcpy(inverse, matrix, sizeof inverse);
        cholesky_factor(inverse, 3);
        CHECK_NEAR(cholesky_log_determinant(inverse, 3), log(67), 1e-12);
        cholesky_invert(inverse, 3, work);
        for (size_t i = 0; i < 3; i++)
            for (size_t k = 0; k < 3; k++)
                CHECK(fabs(dot_product(whole + 3 * i, inverse + 3 * k, 3) - (double)(i == k)) < 1e-12);
    }
    TEST("the same seed gives the same numbers, and normal numbers have a normal distribution") {
        struct random first, second;
        double sum = 0, squares = 0;
        random_seed(&first, 7);
        random_seed(&second, 7);
        CHECK(random_bits(&first) == random_bits(&second));
        for (int i = 0; i < 20000; i++) {
            double number = random_normal(&first);
            sum += number;
            squares += number * number;
        }
        CHECK(fabs(sum / 20000) < 0.03);
        CHECK(fabs(squares / 20000 - 1) < 0.05);
    }
    TEST("the noise covers its possible range, and narrows with measurements") {
        noise_quantiles(0, 0, noise);
        CHECK(sqrt(noise[0]) < 0.02 && sqrt(noise[POSTERIOR_NOISES - 1]) > 0.4);
        noise_quantiles(1000 * 0.01, 1000, noise);
        CHECK(noise[0] > 0.009 && noise[POSTERIOR_NOISES - 1] < 0.011);
        struct model_size pooled[] = {
            {.scatter = 400, .freedom = 100}, {.scatter = 0, .freedom = 300}, {.scatter = 0}};
        noise_pool(pooled, 3, noise);
        CHECK(pooled[0].ratio > 3 && pooled[1].ratio < 0.1 && pooled[2].ratio == 1);
        /* Also when the weights of few measurements leave less than one degree of freedom. */
        struct model_size few[] = {{.scatter = 0.01, .freedom = 0.25}, {.scatter = 0.04, .freedom = 0.25}};
        noise_pool(few, 2, noise);
        CHECK(few[0].ratio < 0.99 && few[1].ratio > 1.01);
    }
    TEST("a size measured often is known, and one not measured is estimated from the others") {
        noise_quantiles(100 * 0.0025, 100, noise);
        measure(sizes, SIZES, 50);
        CHECK(fabs(mean_at(sizes, noise, 2) - log(duration_at(512))) < 0.01);
        measure(sizes, 3, 50);
        CHECK(fabs(mean_at(sizes, noise, 3) - log(duration_at(1024))) < 0.05);
    }
    TEST("a single duration that contradicts the others is doubted") {
        noise_quantiles(100 * 0.0025, 100, noise);
        measure(sizes, SIZES, 5);
        sizes[0].count = 1;
        sizes[0].mean += 1;
        double believed = mean_at(sizes, noise, 0);
        sizes[0].doubt = 0.2;
        CHECK(mean_at(sizes, noise, 0) < believed - 0.3);
    }
    TEST("with one size the choice is certain; with two equal ones it is not") {
        struct posterior posterior;
        struct assessment assessment;
        struct random random;
        const struct goal goal = {STRATEGY_SPEED, 0.5};
        noise_quantiles(100 * 0.04, 100, noise);
        measure(sizes, SIZES, 3);
        for (size_t count = 1; count <= 2; count++) {
            sizes[1].mean = sizes[0].mean;
            random_seed(&random, 1);
            posterior_open(&posterior, sizes, count, noise, NULL);
            assessment_open(&assessment, &posterior, sizes, &goal, &random);
            assessment_report(&assessment, sizes, 0);
            if (count == 1)
                CHECK(sizes[0].probability == 1 && sizes[0].regret == 0);
            else
                CHECK(sizes[0].probability < 0.9 && sizes[0].regret > 0.001 && sizes[1].better > 0.1);
            assessment_close(&assessment);
            posterior_close(&posterior);
        }
    }
    return unit_end();
}
