#include "invoke/budget.h"

#include "tune/invocation.h"
#include "util/json.h"
#include "util/memory.h"

#include <math.h>
#include <stdlib.h>

static const struct budget_size *find_size(const struct budget *budget, long long memory_mb) {
    for (size_t i = 0; i < budget->count; i++)
        if (budget->sizes[i].memory_mb == memory_mb)
            return &budget->sizes[i];
    return NULL;
}

static double cost_of(const struct budget *budget, long long memory_mb, double ms) {
    return price_of(&budget->price, ms * (double)memory_mb) + budget->price.request;
}

/* The expected cost of the next invocation of that size. */
static double expected_of(const struct budget *budget, long long memory_mb) {
    const struct budget_size *size = find_size(budget, memory_mb);
    return size ? 1.5 * size->highest_cost : fmax(2 * budget->highest_cost, cost_of(budget, memory_mb, 1));
}

double budget_max_cost_of(const struct budget *budget, long long memory_mb) {
    return cost_of(budget, memory_mb, budget->time_limit + BUDGET_INIT_MS);
}

bool budget_allows(const struct budget *budget, const struct branches *branches, long long memory_mb) {
    double one = budget_max_cost_of(budget, memory_mb), most = budget->spent + one;
    bool alone = true;
    if (!(budget->limit > 0))
        return true;
    for (size_t i = 0; i < branches->count; i++) {
        const struct branch *branch = &branches->branches[i];
        most += (double)branch->in_flight * budget_max_cost_of(budget, branch->memory_mb);
        alone = alone && !branch->in_flight;
    }
    if (most <= budget->limit)
        return true;
    return alone && one > budget->limit && budget->spent + expected_of(budget, memory_mb) <= budget->limit;
}

/* `cost` is what was measured of `spent`, or 0: an estimate must not raise the next estimate. */
static void spend(struct budget *budget, long long memory_mb, double spent, double cost) {
    budget->spent += spent;
    if (!(cost > 0))
        return;
    budget->highest_cost = fmax(budget->highest_cost, cost);
    for (size_t i = 0; i < budget->count; i++)
        if (budget->sizes[i].memory_mb == memory_mb) {
            budget->sizes[i].highest_cost = fmax(budget->sizes[i].highest_cost, cost);
            return;
        }
    budget->sizes =
        memory_reserve(budget->sizes, &budget->capacity, budget->count + 1, sizeof *budget->sizes);
    budget->sizes[budget->count++] = (struct budget_size){memory_mb, cost};
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

void budget_note_record(struct budget *budget, long long memory_mb, struct span object) {
    static const struct invocation_rules rules = {0};
    struct text measurement = TEXT_INIT, problem = TEXT_INIT;
    struct span value;
    if (!(budget->limit > 0) || has_not_run(object))
        return;
    double known = 0, cost = expected_of(budget, memory_mb);
    if (json_member(object, "clientDurationMs", &value) && json_type(value) == JSON_NUMBER) {
        known = cost_of(budget, memory_mb, json_number(value));
        cost = fmax(cost, known);
    }
    if (invocation_read(object, &rules, &measurement, &problem))
        object = (struct span){text_string(&measurement), measurement.length};
    if (json_member(object, "billedDurationMs", &value) && json_type(value) == JSON_NUMBER)
        known = cost = cost_of(budget, memory_mb, json_number(value));
    spend(budget, memory_mb, cost, known);
    text_release(&measurement);
    text_release(&problem);
}

void budget_note(struct budget *budget, long long memory_mb, const char *log_result, const char *request_id,
                 double client_ms) {
    struct text record = TEXT_INIT;
    text_append_byte(&record, '{');
    json_put_string(&record, "type", "invocation");
    json_put_number(&record, "power", (double)memory_mb);
    json_put_number(&record, "index", 0);
    json_put_string(&record, "requestId", request_id ? request_id : "");
    json_put_number(&record, "statusCode", 200);
    json_put_string(&record, "executedVersion", "1");
    json_put_string(&record, "logResult", log_result ? log_result : "");
    json_put_number(&record, "clientDurationMs", client_ms);
    text_append_byte(&record, '}');
    budget_note_record(budget, memory_mb, (struct span){record.bytes, record.length});
    text_release(&record);
}

void budget_release(struct budget *budget) {
    free(budget->sizes);
    budget->sizes = NULL;
    budget->count = budget->capacity = 0;
}
