/* tune/marker: how a run's own versions are distinguished from others. */
#include "tune/marker.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

static void check_age(time_t seconds, const char *wanted) {
    struct text age = TEXT_INIT;
    marker_age("20261123T101112Z-abcdef", 1795428672 + seconds, &age);
    CHECK_TEXT(age.bytes, wanted);
    text_release(&age);
}

#define MARKER "power-tune:20261123T101112Z-abcdef:512:3"

/* The settings of $LATEST must be read back from its description during the trial. */
static void check_trial(struct trial wanted) {
    struct text marked = TEXT_INIT;
    struct trial trial;
    marker_describe(MARKER, &wanted, &marked);
    CHECK(is_marker(marked.bytes, "20261123T101112Z-abcdef"));
    CHECK(!is_whole_marker(marked.bytes, NULL));
    CHECK(marked.length <= 256);
    CHECK(marker_read(marked.bytes, &trial));
    CHECK_TEXT(trial.run_id, "20261123T101112Z-abcdef");
    CHECK_TEXT(trial.description, wanted.description);
    CHECK_TEXT(trial.log_level, wanted.log_level);
    CHECK(trial.memory_mb == 512 && trial.memory_size == wanted.memory_size &&
          trial.timeout == wanted.timeout);
    CHECK(trial.trial_timeout == wanted.trial_timeout && !trial.cut);
    trial_release(&trial);
    text_release(&marked);
}

static void check_no_trial(const char *description) {
    struct trial trial;
    CHECK(!marker_read(description, &trial));
}

/* Tests descriptions of 256 characters that begin with `first`. */
static void check_cut(const char *first, const char *character, size_t units) {
    struct text marked = TEXT_INIT, description = TEXT_INIT;
    struct trial trial;
    text_append_string(&description, first);
    for (size_t length = strlen(first); length < 256; length += units)
        text_append_string(&description, character);
    marker_describe(MARKER,
                    &(struct trial){.memory_size = 10240, .timeout = 900, .description = description.bytes},
                    &marked);
    CHECK(marker_read(marked.bytes, &trial));
    CHECK(trial.cut && strncmp(description.bytes, trial.description, strlen(trial.description)) == 0);
    size_t characters = (strlen(trial.description) - strlen(first)) / strlen(character);
    CHECK(strlen(trial.description) == strlen(first) + characters * strlen(character));
    size_t own = strlen(first) + characters * units, rest = marked.length - strlen(trial.description);
    CHECK(own + rest <= 256 && own + rest + units > 256);
    trial_release(&trial);
    text_release(&marked);
    text_release(&description);
}

int main(void) {
    TEST("a marker names the run, the memory size and the index") {
        struct text marker = TEXT_INIT, id = TEXT_INIT;
        plan_marker("20261123T101112Z-abcdef", 512, -1, &marker);
        CHECK_TEXT(marker.bytes, "power-tune:20261123T101112Z-abcdef:512");
        CHECK(is_marker(marker.bytes, "20261123T101112Z-abcdef") && is_marker(marker.bytes, NULL));
        CHECK(marker_run_id(marker.bytes, &id));
        CHECK_TEXT(id.bytes, "20261123T101112Z-abcdef");
        text_clear(&marker);
        plan_marker("20261123T101112Z-abcdef", 512, 3, &marker);
        CHECK_TEXT(marker.bytes, "power-tune:20261123T101112Z-abcdef:512:3");
        text_release(&marker);
        text_release(&id);
    }
    TEST("a description with more than a marker does not belong to a version of a run") {
        static const char id[] = "20261123T101112Z-abcdef";
        CHECK(is_whole_marker("power-tune:20261123T101112Z-abcdef:512", id));
        CHECK(is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3 (trial)", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512 (trial) own words", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3:4", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512", "another"));
    }
    TEST("text that only resembles a marker is not one") {
        CHECK(!is_marker("", NULL));
        CHECK(!is_marker("my power-tune:x:1", NULL));
        CHECK(!is_marker("power-tune:", NULL));
        CHECK(!is_marker("power-tune::512", NULL));
        CHECK(!is_marker("power-tune:run", NULL));
        CHECK(!is_marker("power-tune:someone:128", NULL) && is_marker("power-tune:someone:128", "someone"));
        CHECK(!is_marker("power-tune:20261123T101112Z-abcdeg:128", NULL));
        CHECK(!is_marker("power-tune:20261123T101112Z-abcde:128", NULL));
        CHECK(!is_marker("power-tune:20261123T101112Z-abcdef:512", "20261123T101112Z-abcde"));
        CHECK(!is_marker("power-tune:20261123T101112Z-abcdef:512", "20261123T101112Z-abcdef0"));
    }
    TEST("the description during a trial records the settings of $LATEST") {
        check_trial((struct trial){.memory_size = 128, .timeout = 3, .description = ""});
        check_trial((struct trial){.memory_size = 128, .timeout = 3, .description = "as it was"});
        check_trial(
            (struct trial){.memory_size = 128, .timeout = 3, .description = " (trial; was 1 MB, 2 s) "});
        check_trial((struct trial){
            .memory_size = 10240, .timeout = 900, .trial_timeout = 60, .description = "gr\u00f6\u00dfer"});
        check_trial(
            (struct trial){.memory_size = 128, .timeout = 3, .log_level = "WARN", .description = "x"});
        check_trial((struct trial){
            .memory_size = 128, .timeout = 3, .trial_timeout = 1, .log_level = "DEBUG", .description = ""});
    }
    TEST("a long description is cut between characters at Lambda's limit, in UTF-16 units") {
        check_cut("", "x", 1);
        check_cut("", "\u00f6", 1);
        check_cut("x", "\u4e2d", 1);
        check_cut("x", "\U0001f600", 2);
    }
    TEST("any other description is not a trial's") {
        check_no_trial("");
        check_no_trial("as it was");
        check_no_trial("power-tune:20261123T101112Z-abcdef:512");
        check_no_trial("power-tune:20261123T101112Z-abcdef:512 (trial; was MB, 3 s)");
        check_no_trial("power-tune:20261123T101112Z-abcdef:512 (trial; was 128 MB, 3 s");
        check_no_trial("power-tune:20261123T101112Z-abcdef:512 (trial; was 128 MB, 3 s)x");
        check_no_trial("power-tune:20261123T101112Z-abcdef:512 (trial; was 128 MB, 3 s, SHOUTING now INFO)");
        check_no_trial("power-tune:someone:512 (trial; was 128 MB, 3 s)");
    }
    TEST("the age of a run has a suitable unit") {
        check_age(-5, "0 seconds ago (20261123T101112Z-abcdef)");
        check_age(1, "1 second ago (20261123T101112Z-abcdef)");
        check_age(119, "119 seconds ago (20261123T101112Z-abcdef)");
        check_age(300, "5 minutes ago (20261123T101112Z-abcdef)");
        check_age(7200, "2 hours ago (20261123T101112Z-abcdef)");
        check_age(864000, "10 days ago (20261123T101112Z-abcdef)");
    }
    return unit_end();
}
