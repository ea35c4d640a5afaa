#include "stats/stat-plan.h"

#include "util/json.h"

void stat_plan_open(struct stat_plan *plan) {
    *plan = (struct stat_plan){.discard = -1};
}

static void read_string(struct span object, const char *name, struct text *content) {
    struct span value;
    if (!json_member(object, name, &value) || json_type(value) != JSON_STRING)
        return;
    text_clear(content);
    json_decode_string(value, content);
}

void stat_plan_read(struct stat_plan *plan, struct span object) {
    struct span value;
    plan->present = true;
    read_string(object, "region", &plan->region);
    read_string(object, "architecture", &plan->architecture);
    if (json_member(object, "discardTopBottom", &value) && json_type(value) == JSON_NUMBER) {
        double share = json_number(value);
        plan->discard = share < 0 ? 0 : share > 0.4 ? 0.4 : share;
    }
    if (json_member(object, "onlyColdStarts", &value) && json_type(value) == JSON_TRUE)
        plan->discard = 0;
}

void stat_plan_close(struct stat_plan *plan) {
    text_release(&plan->region);
    text_release(&plan->architecture);
}
