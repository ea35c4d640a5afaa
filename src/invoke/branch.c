#include "invoke/branch.h"

#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

struct branch *branches_find(struct branches *branches, long long memory_mb) {
    for (size_t i = 0; i < branches->count; i++)
        if (branches->branches[i].memory_mb == memory_mb)
            return &branches->branches[i];
    branches->branches = memory_reserve(branches->branches, &branches->capacity, branches->count + 1,
                                        sizeof *branches->branches);
    struct branch *branch = &branches->branches[branches->count++];
    *branch = (struct branch){.memory_mb = memory_mb};
    return branch;
}

void branch_note_made(struct branch *branch, long long index) {
    size_t position = (size_t)index;
    if (position >= branch->made_count) {
        branch->made = memory_resize(branch->made, position + 1, sizeof *branch->made);
        memset(branch->made + branch->made_count, 0,
               (position + 1 - branch->made_count) * sizeof *branch->made);
        branch->made_count = position + 1;
    }
    branch->planned += !branch->made[position];
    branch->done += !branch->made[position];
    branch->made[position] = true;
}

static bool is_made(const struct branch *branch, long long index) {
    return index >= 0 && (size_t)index < branch->made_count && branch->made[index];
}

static void skip_made(const struct branch *branch, struct segment *segment) {
    while (segment->next < segment->end && is_made(branch, segment->next))
        segment->next++;
}

long long branch_take(const struct branch *branch, struct segment *segment) {
    long long index = segment->next++;
    skip_made(branch, segment);
    return index;
}

struct segment *branches_add(struct branches *branches, const struct assignment *assignment) {
    struct branch *branch = branches_find(branches, assignment->memory_mb);
    branch->segments =
        memory_reserve(branch->segments, &branch->capacity, branch->count + 1, sizeof *branch->segments);
    struct segment *segment = &branch->segments[branch->count++];
    *segment = (struct segment){.version = memory_copy_string(assignment->version),
                                .next = assignment->first - assignment->warmup,
                                .end = assignment->first + assignment->num,
                                .state_unknown = assignment->state_unknown,
                                .borrowed = assignment->borrowed};
    branch->planned += assignment->num + assignment->warmup;
    for (long long index = assignment->first; index < segment->end; index++)
        branch->planned -= is_made(branch, index);
    skip_made(branch, segment);
    return segment;
}

/* The first segment with invocations left, or NULL. Moves `first` over the segments that are done. */
static struct segment *due_segment(struct branch *branch) {
    while (branch->first < branch->count &&
           branch->segments[branch->first].next >= branch->segments[branch->first].end)
        branch->first++;
    for (size_t i = branch->first; i < branch->count; i++)
        if (branch->segments[i].next < branch->segments[i].end && !branch->segments[i].pending)
            return &branch->segments[i];
    return NULL;
}

struct branch *branches_next(struct branches *branches, struct segment **segment) {
    struct branch *best = NULL;
    for (size_t i = 0; i < branches->count; i++) {
        struct branch *branch = &branches->branches[i];
        if (branch->excluded || (branch->in_flight && !branches->parallel))
            continue;
        struct segment *due = due_segment(branch);
        if (due && (!best || due->next < (*segment)->next)) {
            best = branch;
            *segment = due;
        }
    }
    return best;
}

void branch_note_response(struct branch *branch, double duration_ms) {
    branch->duration_sum_ms += duration_ms;
    branch->responses++;
}

bool branches_finished(const struct branches *branches) {
    for (size_t i = 0; i < branches->count; i++) {
        const struct branch *branch = &branches->branches[i];
        if (branch->in_flight)
            return false;
        for (size_t j = branch->first; j < branch->count && !branch->excluded; j++)
            if (branch->segments[j].next < branch->segments[j].end)
                return false;
    }
    return true;
}

void branches_drop(struct branches *branches) {
    for (size_t i = 0; i < branches->count; i++) {
        struct branch *branch = &branches->branches[i];
        for (size_t j = branch->first; j < branch->count && !branch->excluded; j++) {
            struct segment *segment = &branch->segments[j];
            while (segment->next < segment->end) {
                branch_take(branch, segment);
                branch->planned--;
                branch->dropped++;
            }
        }
    }
}

long long branches_dropped(const struct branches *branches) {
    long long dropped = 0;
    for (size_t i = 0; i < branches->count; i++)
        dropped += branches->branches[i].dropped;
    return dropped;
}

void branches_release(struct branches *branches) {
    for (size_t i = 0; i < branches->count; i++) {
        for (size_t j = 0; j < branches->branches[i].count; j++)
            free(branches->branches[i].segments[j].version);
        free(branches->branches[i].segments);
        free(branches->branches[i].made);
    }
    free(branches->branches);
    *branches = (struct branches){0};
}
