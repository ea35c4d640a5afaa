/* Random numbers, which are the same on every machine for the same seed: xoshiro256**, seeded by splitmix64
 * (D. Blackman and S. Vigna, "Scrambled linear pseudorandom number generators", ACM Transactions on
 * Mathematical Software 47 (2021), https://prng.di.unimi.it). Not for cryptography. */
#ifndef MODEL_RANDOM_H
#define MODEL_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random {
    uint64_t state[4];
    double spare; /* the second normal number of a pair */
    bool has_spare;
};

/* Starts the sequence of the seed. */
void random_seed(struct random *random, uint64_t seed);

/* 64 random bits. */
uint64_t random_bits(struct random *random);

/* Uniform, 0 <= u < 1. */
double random_uniform(struct random *random);

/* Standard normal, by Marsaglia's polar method. */
double random_normal(struct random *random);

#endif
