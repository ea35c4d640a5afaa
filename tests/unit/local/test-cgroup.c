/* Control groups version 2, with ordinary folders as groups: checks what is written to which file. */
#include "local/sandbox/internal.h"
#include "unit/unit.h"
#include "util/files.h"
#include "util/text.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/test-local-cgroup-XXXXXX";
static char name[] = "power-tune-7";

static void put(const char *file, const char *content) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, file);
    FILE *out = fopen(path.bytes, "we");
    if (out) {
        fputs(content, out);
        fclose(out);
    }
    text_release(&path);
}

/* The content of a file in the folder; the caller releases it. */
static struct text get(const char *file) {
    struct text path = TEXT_INIT, content = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, file);
    if (!file_read(path.bytes, 4096, &content))
        text_append_string(&content, "(none)");
    text_release(&path);
    return content;
}

#define CHECK_FILE(file, wanted)                                                                             \
    do {                                                                                                     \
        struct text content = get(file);                                                                     \
        CHECK_TEXT(text_string(&content), wanted);                                                           \
        text_release(&content);                                                                              \
    } while (0)

static void test_limits(const struct cgroup_root *root) {
    struct cgroup group;
    bool opened = cgroup_open(&group, root, 1);
    TEST("a share of the processors is cpu.max, in periods of 20 ms") {
        CHECK(opened && cgroup_limit(&group, 128 / 1769.0));
        CHECK_FILE("power-tune-7-1/cpu.max", "1447 20000");
    }
    TEST(
        "a function has priority over other work, and functions have weights in proportion to their shares") {
        CHECK_FILE("power-tune-7-1/cpu.weight", "724");
        CHECK(cgroup_limit(&group, 0.5));
        CHECK_FILE("power-tune-7-1/cpu.weight", "5000");
        put("power-tune-7-1/cpu.weight", "");
        CHECK(cgroup_limit(&group, 2));
        CHECK_FILE("power-tune-7-1/cpu.weight", "10000");
    }
    TEST("a share close to a whole core may use missed quota later") {
        put("power-tune-7-1/cpu.max.burst", "");
        CHECK(cgroup_limit(&group, 0.5));
        CHECK_FILE("power-tune-7-1/cpu.max.burst", "0");
        put("power-tune-7-1/cpu.max.burst", "");
        CHECK(cgroup_limit(&group, 1536 / 1769.0));
        CHECK_FILE("power-tune-7-1/cpu.max.burst", "8000");
        put("power-tune-7-1/cpu.max", "");
    }
    TEST("the quota is at least 1 ms, the kernel's minimum") {
        put("power-tune-7-1/cpu.max", "");
        CHECK(cgroup_limit(&group, 0.01));
        CHECK_FILE("power-tune-7-1/cpu.max", "1000 20000");
    }
    TEST("a share of 0 means no limit") {
        put("power-tune-7-1/cpu.max", "");
        CHECK(cgroup_limit(&group, 0));
        CHECK_FILE("power-tune-7-1/cpu.max", "max 20000");
    }
    TEST("a memory limit allows no swap and kills the whole group") {
        CHECK(cgroup_limit_memory(&group, 128));
        CHECK_FILE("power-tune-7-1/memory.max", "134217728");
        CHECK_FILE("power-tune-7-1/memory.swap.max", "0");
        CHECK_FILE("power-tune-7-1/memory.oom.group", "1");
    }
    TEST("freezing writes to cgroup.freeze") {
        cgroup_freeze(&group, true);
        CHECK_FILE("power-tune-7-1/cgroup.freeze", "1");
        cgroup_freeze(&group, false);
        CHECK_FILE("power-tune-7-1/cgroup.freeze", "0");
    }
    TEST("killing a group writes to cgroup.kill") {
        cgroup_kill(&group);
        CHECK_FILE("power-tune-7-1/cgroup.kill", "1");
    }
    cgroup_close(&group);
}

static void test_memory(const struct cgroup_root *root) {
    struct cgroup group;
    bool opened = cgroup_open(&group, root, 2) && cgroup_limit_memory(&group, 128);
    TEST("memory.events tells that the kernel has killed a process because of the limit") {
        put("power-tune-7-2/memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 0\noom_group_kill 0\n");
        CHECK(opened && !cgroup_memory_exceeded(&group));
        put("power-tune-7-2/memory.events", "low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\noom_group_kill 1\n");
        CHECK(cgroup_memory_exceeded(&group));
    }
    TEST("page cache and kernel memory do not count in a peak") {
        put("power-tune-7-2/memory.peak", "104857600\n");
        put("power-tune-7-2/memory.stat", "anon 10485760\nfile 20971520\nkernel 1048576\nanon_thp 5\n");
        CHECK(cgroup_memory_spike_kib(&group) == 69 * 1024);
    }
    TEST("an old peak is not reported again") {
        for (int i = 0; i < 10; i++)
            cgroup_memory_spike_kib(&group);
        CHECK(cgroup_memory_spike_kib(&group) == 0);
    }
    TEST("a difference within the kernel's batches does not count") {
        put("power-tune-7-2/memory.peak", "104857601000\n");
        put("power-tune-7-2/memory.stat", "anon 104857600000\nfile 0\nkernel 0\n");
        CHECK(cgroup_memory_spike_kib(&group) == 0);
    }
    cgroup_close(&group);
}

static void test_finding(void) {
    struct cgroup_root root;
    put("cgroup", "12:cpu,cpuacct:/\n0::/\n");
    TEST("without a hierarchy, no root is found") {
        cgroup_root_find(&root, name, "/nothing", folder);
        CHECK(!root.version);
        cgroup_root_release(&root);
    }
    TEST("a hierarchy that does not permit groups with limits is not used") {
        put("cgroup.controllers", "cpu memory\n");
        cgroup_root_find(&root, name, folder, folder);
        CHECK(!root.version && !root.leaf);
        cgroup_root_release(&root);
    }
    TEST("this program's own group is found in the hierarchy with a controller, and in that of version 2") {
        put("cgroup", "12:cpu,cpuacct:/a:b/c\n3:memory:/\n0::/user.slice/x\n");
        static const char *const cases[][2] = {
            {"cpu", "/top/a:b/c"}, {"cpuacct", "/top/a:b/c"}, {"memory", "/top"}, {"", "/top/user.slice/x"}};
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            char *own = cgroup_own(folder, "/top", cases[i][0]);
            CHECK_TEXT(own, cases[i][1]);
            free(own);
        }
        CHECK(!cgroup_own(folder, "/top", "freezer"));
    }
}

int main(void) {
    if (!mkdtemp(folder))
        return 1;
    const struct cgroup_root root = {
        .version = &cgroup_version_2, .folders = {folder}, .name = name, .is_fake = true};
    test_limits(&root);
    test_memory(&root);
    test_finding();
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return unit_end() || system(command) != 0;
}
