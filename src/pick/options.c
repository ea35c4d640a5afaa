#include "pick/options.h"

void pick_take_limit(const struct option_row *row, char *argument) {
    struct text problem = TEXT_INIT;
    if (!limits_add(row->target.any, argument, &problem))
        option_refuse(row, "'%s': %s", argument, text_string(&problem));
}

void pick_take_share(const struct option_row *row, char *argument) {
    *(double *)row->target.any = option_percentage(row, argument, 0, 100) / 100;
}
