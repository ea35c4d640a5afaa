/* The order of the invocations. */
#include "invoke/branch.h"
#include "unit/unit.h"

/* Takes the next invocation as the engine does, and returns "POWER:INDEX"; "" when none can start. */
static const char *take(struct branches *branches) {
    static char text[64];
    struct segment *segment = NULL;
    struct branch *branch = branches_next(branches, &segment);
    if (!branch)
        return "";
    snprintf(text, sizeof text, "%lld:%lld", branch->memory_mb, branch_take(branch, segment));
    branch->in_flight++;
    return text;
}

static void finish(struct branches *branches, size_t position) {
    branches->branches[position].in_flight--;
}

int main(void) {
    TEST("invocations that were made before are skipped, whatever their indexes") {
        struct branches branches = {0};
        static const long long made[] = {0, 1, 3, 5, 3};
        for (size_t i = 0; i < sizeof made / sizeof *made; i++)
            branch_note_made(branches_find(&branches, 128), made[i]);
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "1", .first = 0, .num = 6});
        CHECK(branches.branches[0].planned == 6 && branches.branches[0].done == 4);
        CHECK_TEXT(take(&branches), "128:2");
        CHECK(!branches_finished(&branches));
        finish(&branches, 0);
        CHECK(!branches_finished(&branches));
        CHECK_TEXT(take(&branches), "128:4");
        finish(&branches, 0);
        CHECK(branches_finished(&branches));
        CHECK_TEXT(take(&branches), "");
        branches_release(&branches);
    }
    TEST("nothing is left when all invocations were made before, but warm-ups are repeated") {
        struct branches branches = {0};
        branch_note_made(branches_find(&branches, 128), 0);
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "1", .first = 0, .num = 1});
        CHECK(branches_finished(&branches));
        branches_add(&branches, &(struct assignment){
                                    .memory_mb = 128, .version = "2", .first = 0, .num = 2, .warmup = 1});
        CHECK_TEXT(take(&branches), "128:-1");
        finish(&branches, 0);
        CHECK_TEXT(take(&branches), "128:1");
        finish(&branches, 0);
        CHECK(branches_finished(&branches));
        branches_release(&branches);
    }
    TEST("the lowest index of all sizes is next") {
        struct branches branches = {0};
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "1", .first = 0, .num = 3});
        CHECK_TEXT(take(&branches), "128:0");
        finish(&branches, 0);
        CHECK_TEXT(take(&branches), "128:1");
        finish(&branches, 0);
        branches_add(&branches, &(struct assignment){.memory_mb = 256, .version = "2", .first = 0, .num = 3});
        CHECK_TEXT(take(&branches), "256:0");
        CHECK_TEXT(take(&branches), "128:2");
        CHECK_TEXT(take(&branches), "");
        finish(&branches, 1);
        CHECK_TEXT(take(&branches), "256:1");
        branches_release(&branches);
    }
    TEST("within a size, one invocation follows another unless the run is parallel") {
        struct branches branches = {0};
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "1", .first = 0, .num = 2});
        CHECK_TEXT(take(&branches), "128:0");
        CHECK_TEXT(take(&branches), "");
        branches.parallel = true;
        CHECK_TEXT(take(&branches), "128:1");
        CHECK_TEXT(take(&branches), "");
        branches_release(&branches);
    }
    TEST("versions of one size with an index each are one branch") {
        struct branches branches = {0};
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "1", .first = 0, .num = 1});
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "2", .first = 1, .num = 1});
        CHECK(branches.count == 1);
        CHECK_TEXT(take(&branches), "128:0");
        finish(&branches, 0);
        CHECK_TEXT(take(&branches), "128:1");
        CHECK(!branches_finished(&branches));
        finish(&branches, 0);
        CHECK(branches_finished(&branches));
        branches_release(&branches);
    }
    TEST("segments that wait for their version to become active are skipped") {
        struct branches branches = {0};
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "1", .first = 0, .num = 2})
            ->pending = true;
        branches_add(&branches, &(struct assignment){.memory_mb = 256, .version = "2", .first = 0, .num = 1});
        CHECK_TEXT(take(&branches), "256:0");
        finish(&branches, 1);
        CHECK(!branches_finished(&branches));
        branches_release(&branches);
    }
    TEST("warm-ups are before all counted invocations, with indexes below 0") {
        struct branches branches = {0};
        branches_add(&branches,
                     &(struct assignment){.memory_mb = 128, .version = "1", .num = 1, .warmup = 2});
        CHECK(branches.branches[0].planned == 3);
        CHECK_TEXT(take(&branches), "128:-2");
        finish(&branches, 0);
        CHECK_TEXT(take(&branches), "128:-1");
        finish(&branches, 0);
        CHECK_TEXT(take(&branches), "128:0");
        branches_release(&branches);
    }
    TEST("an excluded size has no next invocation") {
        struct branches branches = {0};
        branches_add(&branches, &(struct assignment){.memory_mb = 128, .version = "1", .first = 0, .num = 2});
        branches.branches[0].excluded = true;
        CHECK_TEXT(take(&branches), "");
        CHECK(branches_finished(&branches));
        branches_release(&branches);
    }
    return unit_end();
}
