#include "model/random.h"

#include <math.h>

void random_seed(struct random *random, uint64_t seed) {
    *random = (struct random){0};
    for (int i = 0; i < 4; i++) {
        uint64_t bits = seed += UINT64_C(0x9e3779b97f4a7c15);
        bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
        random->state[i] = bits ^ bits >> 31;
    }
}

static uint64_t rotate(uint64_t bits, int by) {
    return bits << by | bits >> (64 - by);
}

uint64_t random_bits(struct random *random) {
    uint64_t *s = random->state, bits = rotate(s[1] * 5, 7) * 9, moved = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= moved;
    s[3] = rotate(s[3], 45);
    return bits;
}

double random_uniform(struct random *random) {
    return (double)(random_bits(random) >> 11) * 0x1p-53;
}

double random_normal(struct random *random) {
    if (random->has_spare) {
        random->has_spare = false;
        return random->spare;
    }
    double x, y, square;
    do {
        x = 2 * random_uniform(random) - 1;
        y = 2 * random_uniform(random) - 1;
        square = x * x + y * y;
    } while (square >= 1 || square == 0);
    double scale = sqrt(-2 * log(square) / square);
    random->spare = y * scale;
    random->has_spare = true;
    return x * scale;
}
