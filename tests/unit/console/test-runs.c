/* console/run-process, console/runs and console/record-counts: reading the files of runs. */
#include "console/record-counts.h"
#include "console/run-process.h"
#include "console/runs.h"
#include "unit/unit.h"
#include "util/files.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void note_of(pid_t pid, struct text *note) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    text_clear(note);
    CHECK(file_read(path, 4096, note) && file_read("/proc/sys/kernel/random/boot_id", 4096, note));
}

static bool read_note(const struct text *note, struct process_identity *identity) {
    return process_identity_read((struct span){text_string(note), note->length}, identity);
}

static void test_processes(void) {
    struct text note = TEXT_INIT;
    struct process_identity identity;
    TEST("a process is found while it runs, and can be ended by a signal") {
        pid_t child = fork();
        if (child == 0)
            for (;;)
                pause();
        note_of(child, &note);
        CHECK(read_note(&note, &identity));
        CHECK(identity.pid == child);
        CHECK(process_signal(&identity, 0));
        CHECK(process_signal(&identity, SIGTERM));
        int ended = 0;
        CHECK(waitpid(child, &ended, 0) == child && WIFSIGNALED(ended) && WTERMSIG(ended) == SIGTERM);
        CHECK(!process_signal(&identity, 0));
    }
    TEST("a process with another start time or boot id is not the same process") {
        note_of(getpid(), &note);
        CHECK(read_note(&note, &identity));
        CHECK(process_signal(&identity, 0));
        identity.started++;
        CHECK(!process_signal(&identity, SIGTERM));
        identity.started--;
        identity.boot = span_of("another");
        CHECK(!process_signal(&identity, SIGTERM));
    }
    TEST("a process name may contain brackets and spaces") {
        CHECK(process_identity_read(
            span_of("77 (a) R 1) S 1 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 4711 23\nboot\n"),
            &identity));
        CHECK(identity.pid == 77 && identity.started == 20);
    }
    TEST("an invalid note is refused") {
        static const char *const bad[] = {
            "", "\n", "1 (sh) S\nb", "77 (sh) S 1 2\nb", "77 sh S 1\nb", "-1 (a) S 1\n"};
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            CHECK(!process_identity_read(span_of(bad[i]), &identity));
    }
    text_release(&note);
}

static void test_names(void) {
    TEST("a run name cannot lead to another folder") {
        static const char *const bad[] = {"",     ".",   "..",   ".hidden",  "-x",  "a/b",
                                          "a\\b", "a b", "a%2e", "\xc3\xa4", "a\nb"};
        CHECK(run_name_is_valid(span_of("20261123T210042Z-4z7394")));
        CHECK(run_name_is_valid(span_of("a..b")));
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
            CHECK(!run_name_is_valid(span_of(bad[i])));
        char long_name[MAX_RUN_NAME + 2];
        memset(long_name, 'a', sizeof long_name);
        CHECK(run_name_is_valid((struct span){long_name, MAX_RUN_NAME}));
        CHECK(!run_name_is_valid((struct span){long_name, MAX_RUN_NAME + 1}));
        CHECK(!run_name_is_valid((struct span){"a\0b", 3}));
    }
}

static void test_record_counts(void) {
    struct record_counts record_counts = {NULL, 0, 0};
    struct text changes = TEXT_INIT;
    TEST("records are counted by memory size and type, and only changes are reported") {
        record_counts_add(&record_counts, span_of("{\"type\":\"measurement\",\"power\":128}"));
        record_counts_add(&record_counts, span_of("{\"type\":\"measurement\",\"power\":128}"));
        record_counts_add(&record_counts, span_of("{\"type\":\"failure\",\"power\":256}"));
        record_counts_append_changes(&record_counts, &changes);
        CHECK_TEXT(
            text_string(&changes),
            "{\"power\":128,\"counts\":{\"measurement\":2}},{\"power\":256,\"counts\":{\"failure\":1}}");
        text_clear(&changes);
        record_counts_add(&record_counts, span_of("{\"type\":\"failure\",\"power\":128}"));
        record_counts_append_changes(&record_counts, &changes);
        CHECK_TEXT(text_string(&changes), "{\"power\":128,\"counts\":{\"measurement\":2,\"failure\":1}}");
        text_clear(&changes);
        record_counts_append_changes(&record_counts, &changes);
        CHECK_TEXT(text_string(&changes), "");
    }
    TEST("other lines are ignored") {
        static const char *const other[] = {
            "",
            "{",
            "[]",
            "{\"type\":\"plan\"}",
            "{\"type\":1,\"power\":1}",
            "{\"type\":\"\",\"power\":1}",
            "{\"type\":\"a\",\"power\":1.5}",
            "{\"type\":\"a\",\"power\":\"1\"}",
            "{\"type\":\"a name that is longer than any type is\",\"power\":1}"};
        for (size_t i = 0; i < sizeof other / sizeof *other; i++)
            record_counts_add(&record_counts, span_of(other[i]));
        text_clear(&changes);
        record_counts_append_changes(&record_counts, &changes);
        CHECK_TEXT(text_string(&changes), "");
    }
    TEST("too many types and memory sizes are ignored") {
        char record[64];
        for (int i = 0; i < 3000; i++) {
            snprintf(record, sizeof record, "{\"type\":\"t%d\",\"power\":%d}", i % 9, i / 9 * 7);
            record_counts_add(&record_counts, span_of(record));
        }
        for (int i = 0; i < 3000; i++) {
            snprintf(record, sizeof record, "{\"type\":\"t\",\"power\":%d}", i);
            record_counts_add(&record_counts, span_of(record));
        }
        CHECK(record_counts.count <= 1000);
    }
    record_counts_release(&record_counts);
    text_release(&changes);
}

int main(void) {
    test_processes();
    test_names();
    test_record_counts();
    return unit_end();
}
