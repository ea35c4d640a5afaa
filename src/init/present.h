/* What the function's callers get now: the sizes are compared with that. It is $LATEST, unless the input names
 * a version or an alias, or an alias is to be optimized. */
#ifndef INIT_PRESENT_H
#define INIT_PRESENT_H

#include "aws/session.h"
#include "tune/input.h"
#include "util/text.h"

#include <stdbool.h>

struct present_version {
    char *version;
    long long memory_size; /* MB */
    double weight;         /* share of the alias's invocations, 0 to 1 */
};

/* Zeroed: $LATEST is what is compared with. */
struct present {
    char *alias;                        /* NULL: a version was named */
    struct present_version versions[2]; /* an alias with a routing configuration has two; the one with the
                                           larger share is first, and is compared with */
    size_t count;                       /* 0: $LATEST */
};

void present_release(struct present *present);

/* Finds the versions that `qualifier` (a version, an alias, "" or $LATEST) stands for. With autoOptimizeAlias
 * and autoOptimize, those of that alias, if it exists. Without permission to list the aliases, the routing
 * configuration is not seen. False, with a line in `problems`, when a version cannot be read. */
bool present_find(struct aws_session *session, const char *function, const char *qualifier,
                  const struct tuning_input *input, struct present *present, struct text *problems);

/* Appends "alias live: version 1 (256 MB)", or "alias live: 90 % version 1 (256 MB), 10 % version 2 (512 MB)". */
void present_describe(const struct present *present, struct text *out);

/* Puts presentPower, presentVersion, presentAlias and presentRouting into an open JSON object; nothing for
 * $LATEST. */
void present_put(const struct present *present, struct text *out);

#endif
