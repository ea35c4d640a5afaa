#include "stats/cold.h"

#include "util/words.h"

static const char *const names[] = {"include", "exclude", "only"};

bool cold_parse(const char *name, enum cold *cold) {
    int index = WORD_INDEX(name, names);
    if (index >= 0)
        *cold = (enum cold)index;
    return index >= 0;
}

const char *cold_name(enum cold cold) {
    return names[cold];
}
