#include "tune/cold.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {"include", "exclude", "only"};

bool cold_parse(const char *name, enum cold *cold) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) {
            *cold = (enum cold)i;
            return true;
        }
    return false;
}

const char *cold_name(enum cold cold) {
    return names[cold];
}
