/* Markers: telling a run's own versions from everybody else's. */
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

/* The own description must come back from the marked one. */
static void check_marked(const char *description) {
    struct text marked = TEXT_INIT;
    marker_describe("power-tune:20261123T101112Z-abcdef:512:3", description, &marked);
    CHECK(is_marker(marked.bytes, "20261123T101112Z-abcdef"));
    CHECK(!is_whole_marker(marked.bytes, NULL));
    CHECK(marked.length <= 256);
    const char *own = marked_description(marked.bytes);
    CHECK_TEXT(own ? own : "(none)", description);
    text_release(&marked);
}

int main(void) {
    TEST("a marker names the run, the power and the index") {
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
    TEST("a description with more than a marker is not that of a version of a run") {
        static const char id[] = "20261123T101112Z-abcdef";
        CHECK(is_whole_marker("power-tune:20261123T101112Z-abcdef:512", id));
        CHECK(is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3 (trial)", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512 (trial) own words", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512:3:4", id));
        CHECK(!is_whole_marker("power-tune:20261123T101112Z-abcdef:512", "another"));
    }
    TEST("what only looks like a marker is none") {
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
    TEST("a marked description gives back the function's own") {
        check_marked("");
        check_marked("as it was");
        check_marked("(trial) power-tune:");
        check_marked("gr\u00f6\u00dfer");
    }
    TEST("a description that does not fit is cut between two characters, and said to be cut") {
        for (size_t start = 0; start < 2; start++) {
            struct text marked = TEXT_INIT, description = TEXT_INIT;
            text_append_string(&description, start ? "x" : "");
            while (description.length < 254)
                text_append_string(&description, "\u00f6");
            marker_describe("power-tune:20261123T101112Z-abcdef:512:3", description.bytes, &marked);
            CHECK(marked.length <= 256 && marked.length >= 254);
            CHECK((unsigned char)marked.bytes[marked.length - 1] == 0xb6);
            CHECK(!marked_description(marked.bytes));
            text_release(&marked);
            text_release(&description);
        }
    }
    TEST("a description without a marker has none of the function's own in it") {
        CHECK(!marked_description("as it was"));
        CHECK(!marked_description("power-tune:20261123T101112Z-abcdef:512"));
        CHECK(!marked_description(""));
    }
    TEST("the age of a run is said in the unit that people would take") {
        check_age(-5, "0 seconds ago (20261123T101112Z-abcdef)");
        check_age(1, "1 second ago (20261123T101112Z-abcdef)");
        check_age(119, "119 seconds ago (20261123T101112Z-abcdef)");
        check_age(300, "5 minutes ago (20261123T101112Z-abcdef)");
        check_age(7200, "2 hours ago (20261123T101112Z-abcdef)");
        check_age(864000, "10 days ago (20261123T101112Z-abcdef)");
    }
    return unit_end();
}
