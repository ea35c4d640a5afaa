/* Which measurements count, by cold start. */
#ifndef STATS_COLD_H
#define STATS_COLD_H

#include <stdbool.h>

enum cold { COLD_INCLUDE, COLD_EXCLUDE, COLD_ONLY };

/* "include", "exclude" or "only"; false, with `*cold` as it was, for any other name. */
bool cold_parse(const char *name, enum cold *cold);
const char *cold_name(enum cold cold);

#endif
