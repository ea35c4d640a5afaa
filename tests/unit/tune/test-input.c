/* tune/input: defaults, limits, and a message for every fault. */
#include "tune/input.h"
#include "unit/unit.h"

struct reading {
    struct tuning_input input;
    struct text problems, warnings;
    bool good;
};

static struct reading read_input(const char *object) {
    struct reading reading = {.problems = TEXT_INIT, .warnings = TEXT_INIT};
    CHECK(json_check(span_of(object), NULL, NULL));
    reading.good = tuning_input_read(span_of(object), &reading.input, &reading.problems, &reading.warnings);
    return reading;
}

static void release(struct reading *reading) {
    tuning_input_release(&reading->input);
    text_release(&reading->problems);
    text_release(&reading->warnings);
}

static void check(const char *object, const char *problems, const char *warnings) {
    struct reading reading = read_input(object);
    CHECK(reading.good == !*problems);
    CHECK_TEXT(text_string(&reading.problems), problems);
    CHECK_TEXT(text_string(&reading.warnings), warnings);
    release(&reading);
}

static void check_memory_sizes(const char *member, const char *wanted) {
    struct text object = TEXT_INIT, got = TEXT_INIT;
    text_append_format(&object, "{\"lambdaARN\":\"f\",\"num\":5%s%s}", *member ? "," : "", member);
    struct reading reading = read_input(object.bytes);
    for (size_t i = 0; i < reading.input.memory_size_count; i++)
        text_append_format(&got, "%lld ", reading.input.memory_sizes[i]);
    CHECK_TEXT(text_string(&got), wanted);
    CHECK_TEXT(text_string(&reading.problems), "");
    release(&reading);
    text_release(&object);
    text_release(&got);
}

#define WITH(member) "{\"lambdaARN\":\"f\",\"num\":5," member "}"

int main(void) {
    TEST("the defaults are the original's") {
        struct reading reading = read_input("{\"lambdaARN\":\"f\",\"num\":5}");
        const struct tuning_input *input = &reading.input;
        CHECK(reading.good);
        CHECK(input->num == 5 && input->memory_size_count == 6);
        CHECK_NEAR(input->balanced_weight, 0.5, 0);
        CHECK_NEAR(input->discard_top_bottom, 0.2, 0);
        CHECK(!input->parallel_invocation && !input->auto_optimize && !input->dry_run &&
              !input->only_cold_starts);
        CHECK(!input->strategy.start && !input->payload.start);
        release(&reading);
    }
    TEST("memory sizes may be absent, ALL, strings, duplicates, and in any order") {
        check_memory_sizes("", "128 256 512 1024 1536 3008 ");
        check_memory_sizes("\"powerValues\":[]", "128 256 512 1024 1536 3008 ");
        check_memory_sizes("\"powerValues\":null", "128 256 512 1024 1536 3008 ");
        check_memory_sizes("\"powerValues\":[512,\"128\",512,10240,1e3]", "128 512 1000 10240 ");
        struct reading reading = read_input(WITH("\"powerValues\":\"ALL\""));
        CHECK(reading.input.memory_size_count == 46);
        CHECK(reading.input.memory_sizes[0] == 128 && reading.input.memory_sizes[1] == 192 &&
              reading.input.memory_sizes[45] == 3008);
        release(&reading);
    }
    TEST("all faults are found, not only the first") {
        check("{\"num\":4,\"powerValues\":[127,10241,1.5],\"strategy\":\"fast\",\"parallelInvocation\":1}",
              "lambdaARN: is missing\n"
              "num: 4 is not a whole number from 5 to 100000\n"
              "powerValues: 127 is not a whole number of MB from 128 to 10240\n"
              "powerValues: 10241 is not a whole number of MB from 128 to 10240\n"
              "powerValues: 1.5 is not a whole number of MB from 128 to 10240\n"
              "parallelInvocation: 1 is not true or false\n"
              "strategy: \"fast\" is not cost, speed or balanced\n",
              "");
    }
    TEST("num is required, and is a whole number in any notation, or a string that contains one") {
        check("{\"lambdaARN\":\"f\"}", "num: is missing\n", "");
        check("{\"lambdaARN\":\"f\",\"num\":null}", "num: is missing\n", "");
        check("{\"lambdaARN\":\"f\",\"num\":10.0}", "", "");
        check("{\"lambdaARN\":\"f\",\"num\":\"10\"}", "", "");
        check("{\"lambdaARN\":\"f\",\"num\":\"1x\"}", "num: \"1x\" is not a whole number from 5 to 100000\n",
              "");
        check("{\"lambdaARN\":\"f\",\"num\":100001}", "num: 100001 is not a whole number from 5 to 100000\n",
              "");
    }
    TEST("untilSure is a percentage, or true for the default") {
        static const struct {
            const char *member;
            double percent;
        } right[] = {{"\"untilSure\":false", 0},
                     {"\"untilSure\":null", 0},
                     {"\"untilSure\":true", UNTIL_SURE_DEFAULT},
                     {"\"untilSure\":0.001", 0.001},
                     {"\"untilSure\":100", 100}};
        for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
            char object[100];
            snprintf(object, sizeof object, "{\"lambdaARN\":\"f\",\"num\":5,%s}", right[i].member);
            struct reading reading = read_input(object);
            CHECK(reading.good);
            CHECK_NEAR(reading.input.until_sure, right[i].percent, 0);
            release(&reading);
        }
        check(WITH("\"untilSure\":0"), "untilSure: 0 is not a percentage from 0.001 to 100\n", "");
        check(WITH("\"untilSure\":100.5"), "untilSure: 100.5 is not a percentage from 0.001 to 100\n", "");
        check(WITH("\"untilSure\":\"1\""), "untilSure: \"1\" is not a percentage from 0.001 to 100\n", "");
    }
    TEST("messages show only the beginning of a long value") {
        check(WITH("\"strategy\":\"0123456789012345678901234567890123456789012345678901234567890\""),
              "strategy: \"01234567890123456789012345678901234567890123456789012345678... is not "
              "cost, speed or balanced\n",
              "");
    }
    TEST("weights outside their range are clamped with a warning") {
        check(WITH("\"balancedWeight\":1.5"), "", "balancedWeight: 1.5 is outside 0..1; using 1\n");
        check(WITH("\"discardTopBottom\":-1"), "", "discardTopBottom: -1 is outside 0..0.4; using 0\n");
        check(WITH("\"discardTopBottom\":0.5"), "", "discardTopBottom: 0.5 is outside 0..0.4; using 0.4\n");
        check(WITH("\"discardTopBottom\":\"0.2\""), "", "");
        check(WITH("\"discardTopBottom\":\"0.5\""), "",
              "discardTopBottom: \"0.5\" is outside 0..0.4; using 0.4\n");
        check(WITH("\"discardTopBottom\":\"a\""), "discardTopBottom: \"a\" is not a number\n", "");
    }
    TEST("onlyColdStarts discards no values") {
        struct reading reading = read_input(WITH("\"onlyColdStarts\":true,\"discardTopBottom\":0.4"));
        CHECK_NEAR(reading.input.discard_top_bottom, 0, 0);
        release(&reading);
    }
    TEST("a misspelt parameter is refused, and any other unknown one is ignored") {
        check(WITH("\"autoOptimise\":true"), "autoOptimise: unknown parameter; did you mean autoOptimize?\n",
              "");
        check(WITH("\"NUM\":5"), "NUM: unknown parameter; did you mean num?\n", "");
        check(WITH("\"payloads3\":\"s3://b/k\""), "payloads3: unknown parameter; did you mean payloadS3?\n",
              "");
        check(WITH("\"enableParallel\":true"),
              "enableParallel: unknown parameter; did you mean parallelInvocation?\n", "");
        check(WITH("\"functionName\":\"x\""), "functionName: unknown parameter; did you mean lambdaARN?\n",
              "");
        check(WITH("\"comment\":\"x\""), "", "comment: unknown parameter, ignored\n");
    }
    TEST("a repeated parameter is an error") {
        check(WITH("\"num\":6"), "num: is given twice\n", "");
    }
    TEST("the name of an alias is checked") {
        check(WITH("\"autoOptimize\":true,\"autoOptimizeAlias\":\"prod\""), "", "");
        check(WITH("\"autoOptimize\":true,\"autoOptimizeAlias\":\"12\""),
              "autoOptimizeAlias: \"12\" is not the name of an alias (letters, digits, - and _, not only "
              "digits, at most "
              "128)\n",
              "");
        check(WITH("\"autoOptimizeAlias\":\"prod\""), "",
              "autoOptimizeAlias: has no effect without autoOptimize\n");
    }
    TEST("lists of error types must contain strings") {
        check(WITH("\"allowedExceptions\":[\"A\"]"), "", "");
        check(WITH("\"allowedExceptions\":\"A\""), "allowedExceptions: \"A\" is not a list of strings\n", "");
        check(WITH("\"allowedExceptions\":[1]"), "allowedExceptions: 1 is not a string\n", "");
    }
    TEST("an input that is not an object is refused") {
        check("[]", "the input is an array, not an object\n", "");
    }
    return unit_end();
}
