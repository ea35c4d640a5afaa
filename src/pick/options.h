/* The options that pt-pick, pt-advise and pt-report share. */
#ifndef PICK_OPTIONS_H
#define PICK_OPTIONS_H

#include "pick/limit.h"
#include "tune/input.h"
#include "util/options.h"

#define PICK_STRATEGY(TARGET)                                                                                \
    OPTION_WORD("strategy", STRATEGIES, TARGET, "what \"best\" means (default cost)")
#define PICK_WEIGHT(TARGET)                                                                                  \
    OPTION_NUMBER("balanced-weight", "W", TARGET, 0, 1,                                                      \
                  "weight of cost for --strategy balanced: 0 (speed only) to 1 (cost only); default 0.5")
/* TARGET is a struct limits. */
#define PICK_LIMIT(TARGET)                                                                                   \
    OPTION_CALL("limit", "FIGURE<=VALUE", pick_take_limit, TARGET,                                           \
                "choose only sizes that satisfy the limit: 'p95<=800ms', 'averageDuration<=1s', "            \
                "'maxMemoryUsed<=90%', 'costPerMillion<=5'; may be given more than once")
/* TARGET is the share of a struct limits. */
#define PICK_MAX_FAILURES(TARGET)                                                                            \
    OPTION_CALL("max-failures", "PERCENT", pick_take_share, TARGET,                                          \
                "leave out sizes at which more invocations time out or fail (default 1); any that ran out "  \
                "of memory is one too many")
#define PICK_VISUALIZATION_URL(TARGET)                                                                       \
    OPTION_STRING("visualization-url", "URL", TARGET, "page that the visualization link opens")
#define PICK_REGION(TARGET)                                                                                  \
    OPTION_STRING("region", "REGION", TARGET, "region, for the currency of the visualization")

void pick_take_limit(const struct option_row *row, char *argument);

/* Takes a percentage as a share. */
void pick_take_share(const struct option_row *row, char *argument);

#endif
