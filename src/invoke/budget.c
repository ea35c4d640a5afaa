#include "invoke/budget.h"

#include "tune/invocation.h"
#include "util/json.h"

#include <math.h>

static double cost_of(const struct budget *budget, long long memory_mb, double ms) {
    return price_of(&budget->price, ms * (double)memory_mb) + budget->price.request;
}

/* The expected cost of the next invocation of the branch. */
static double expected_of(const struct budget *budget, const struct branch *branch) {
    return branch->highest_cost > 0 ? 1.5 * branch->highest_cost
                                    : fmax(2 * budget->highest_cost, cost_of(budget, branch->memory_mb, 1));
}

double budget_max_cost_of(const struct budget *budget, long long memory_mb) {
    return cost_of(budget, memory_mb, budget->time_limit + BUDGET_INIT_MS);
}

bool budget_allows(const struct budget *budget, const struct branches *branches,
                   const struct branch *branch) {
    double one = budget_max_cost_of(budget, branch->memory_mb), most = budget->spent + one;
    bool alone = true;
    if (!(budget->limit > 0))
        return true;
    for (size_t i = 0; i < branches->count; i++) {
        const struct branch *other = &branches->branches[i];
        most += (double)other->in_flight * budget_max_cost_of(budget, other->memory_mb);
        alone = alone && !other->in_flight;
    }
    if (most <= budget->limit)
        return true;
    return alone && one > budget->limit && budget->spent + expected_of(budget, branch) <= budget->limit;
}

/* `cost` is what was measured of `spent`, or 0: an estimate must not raise the next estimate. */
static void spend(struct budget *budget, struct branch *branch, double spent, double cost) {
    budget->spent += spent;
    budget->highest_cost = fmax(budget->highest_cost, cost);
    branch->highest_cost = fmax(branch->highest_cost, cost);
}

/* True for the failure of an invocation that did not run, and cost nothing. */
static bool has_not_run(struct span record) {
    static const char *const kinds[] = {"notPublished", "notActive", "notStarted", "notCold"};
    struct span kind;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (json_member(record, "kind", &kind) && json_string_is(kind, kinds[i]))
            return true;
    return false;
}

void budget_note_record(struct budget *budget, struct branch *branch, struct span object) {
    static const struct invocation_rules rules = {0};
    struct text measurement = TEXT_INIT, problem = TEXT_INIT;
    struct span value;
    if (!(budget->limit > 0) || has_not_run(object))
        return;
    double known = 0, cost = expected_of(budget, branch);
    if (json_member(object, "clientDurationMs", &value) && json_type(value) == JSON_NUMBER) {
        known = cost_of(budget, branch->memory_mb, json_number(value));
        cost = fmax(cost, known);
    }
    if (invocation_read(object, &rules, &measurement, &problem))
        object = (struct span){text_string(&measurement), measurement.length};
    if (json_member(object, "billedDurationMs", &value) && json_type(value) == JSON_NUMBER)
        known = cost = cost_of(budget, branch->memory_mb, json_number(value));
    spend(budget, branch, cost, known);
    text_release(&measurement);
    text_release(&problem);
}

void budget_note(struct budget *budget, struct branch *branch, const char *log_result, const char *request_id,
                 double client_ms) {
    struct text record = TEXT_INIT;
    text_append_byte(&record, '{');
    json_put_string(&record, "type", "invocation");
    json_put_number(&record, "power", (double)branch->memory_mb);
    json_put_number(&record, "index", 0);
    json_put_string(&record, "requestId", request_id ? request_id : "");
    json_put_number(&record, "statusCode", 200);
    json_put_string(&record, "executedVersion", "1");
    json_put_string(&record, "logResult", log_result ? log_result : "");
    json_put_number(&record, "clientDurationMs", client_ms);
    text_append_byte(&record, '}');
    budget_note_record(budget, branch, (struct span){record.bytes, record.length});
    text_release(&record);
}
