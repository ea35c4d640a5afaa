/* Control groups, version 1: a hierarchy for each controller. */
#include "local/sandbox/internal.h"

#include "util/memory.h"

#include <stdlib.h>

const struct cgroup_version cgroup_version_1 = {.name = "cgroup v1",
                                                .hierarchies = CGROUP_HIERARCHIES,
                                                .period = "cpu.cfs_period_us",
                                                .quota = "cpu.cfs_quota_us",
                                                .no_quota = "-1",
                                                .weight = "cpu.shares",
                                                .most_weight = 262144,
                                                .burst = "cpu.cfs_burst_us",
                                                .freeze = "freezer.state",
                                                .frozen = "FROZEN",
                                                .thawed = "THAWED",
                                                .memory = "memory.limit_in_bytes",
                                                .swap = "memory.memsw.limit_in_bytes",
                                                .events = "memory.oom_control",
                                                .peak = "memory.max_usage_in_bytes",
                                                .cache = "cache",
                                                .anonymous = "rss",
                                                .kernel_file = "memory.kmem.usage_in_bytes"};

/* Tries this program's own groups, then the top groups of the hierarchies. */
bool cgroup_find_v1(struct cgroup_root *root, const char *top, const char *process) {
    static const char *const controllers[] = {"cpu", "freezer", "memory"};
    for (int at_top = 0; at_top < 2; at_top++) {
        for (size_t i = 0; i < CGROUP_HIERARCHIES; i++) {
            char *folder = sandbox_path(top, controllers[i]);
            root->folders[i] =
                at_top ? memory_copy_string(folder) : cgroup_own(process, folder, controllers[i]);
            free(folder);
        }
        if (cgroup_try(root, &cgroup_version_1))
            return true;
    }
    return false;
}
