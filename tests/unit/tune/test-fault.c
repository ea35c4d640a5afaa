/* tune/fault and stats/frequencies: what is recorded of a failed invocation, and how failures are counted. */
#include "stats/frequencies.h"
#include "tune/fault.h"
#include "unit/unit.h"
#include "util/json.h"

static void check_cut(bool end, const char *content, size_t most, const char *wanted) {
    struct text out = TEXT_INIT;
    text_append_byte(&out, '{');
    if (end)
        fault_put_end(&out, "m", span_of(content), most);
    else
        fault_put_start(&out, "m", span_of(content), most);
    CHECK_TEXT(text_string(&out), wanted);
    text_release(&out);
}

static void check_cuts(void) {
    check_cut(false, "abcdef", 6, "{\"m\":\"abcdef\"");
    check_cut(false, "abcdef", 4, "{\"m\":\"abcd\"");
    check_cut(true, "abcdef", 4, "{\"m\":\"cdef\"");
    check_cut(false, "", 4, "{");
    check_cut(true, "", 4, "{");
    /* An e with an accent has two bytes, which are kept or dropped together. */
    check_cut(false, "abc\303\251d", 4, "{\"m\":\"abc\"");
    check_cut(false, "abc\303\251d", 5, "{\"m\":\"abc\303\251\"");
    check_cut(true, "a\303\251bc", 3, "{\"m\":\"bc\"");
    check_cut(true, "a\303\251bc", 4, "{\"m\":\"\303\251bc\"");
    /* Bytes that are not UTF-8 do not make it read outside the text. */
    check_cut(false, "\200\200\200\200\200", 3, "{");
    check_cut(true, "\200\200\200\200\200", 3, "{");
}

static void check_stack(const char *error, const char *wanted) {
    struct text stack = TEXT_INIT;
    fault_append_stack(&stack, span_of(error));
    CHECK_TEXT(text_string(&stack), wanted);
    text_release(&stack);
}

static void check_stacks(void) {
    check_stack("{\"errorType\":\"E\"}", "");
    check_stack("{\"stackTrace\":[\"  File \\\"a.py\\\", line 3, in f\\n    g()\\n\",\"last\"]}",
                "  File \"a.py\", line 3, in f\n    g()\nlast\n");
    check_stack("{\"trace\":[\"Error: x\",\"    at f (a.mjs:1:2)\"]}", "Error: x\n    at f (a.mjs:1:2)\n");
    check_stack("{\"stackTrace\":[{\"path\":\"main.go\",\"line\":7}]}",
                "{\"path\":\"main.go\",\"line\":7}\n");
    check_stack("{\"stackTrace\":\"all in one\"}", "all in one");
    check_stack("{\"stackTrace\":7}", "");
    check_stack("{\"stackTrace\":[\"a\"],\"cause\":{\"errorType\":\"T\",\"errorMessage\":\"m\","
                "\"stackTrace\":[\"b\"]}}",
                "a\ncaused by T: m\nb\n");
}

static void check_long_stack(void) {
    struct text error = TEXT_INIT, stack = TEXT_INIT;
    text_append_string(&error, "{\"trace\":[\"first\"");
    for (int i = 0; i < 100000; i++)
        text_append_string(&error, ",\"a frame\"");
    text_append_string(&error, "]}");
    fault_append_stack(&stack, (struct span){error.bytes, error.length});
    CHECK(stack.length >= FAULT_STACK && stack.length < FAULT_STACK + 100);
    text_release(&error);
    text_release(&stack);
}

static void check_causes(void) {
    const char *killed = "RequestId: r Error: Runtime exited with error: signal: killed";
    CHECK(fault_cause("Runtime.OutOfMemory", killed, 0, 0) == FAULT_OUT_OF_MEMORY);
    CHECK(fault_cause("Runtime.OutOfMemory", killed, 40, 128) == FAULT_OUT_OF_MEMORY);
    CHECK(fault_cause("Runtime.ExitError", killed, 0, 128) == FAULT_OUT_OF_MEMORY);
    CHECK(fault_cause("Runtime.ExitError", killed, 126, 128) == FAULT_OUT_OF_MEMORY);
    CHECK(fault_cause("Runtime.ExitError", killed, 40, 128) == FAULT_OTHER);
    CHECK(fault_cause("Runtime.ExitError", "signal: aborted", 128, 128) == FAULT_OTHER);
    CHECK(fault_cause("", "FATAL ERROR: Reached heap limit: JavaScript heap out of memory", 90, 128) ==
          FAULT_OUT_OF_MEMORY);
    CHECK(fault_cause("Sandbox.Timedout", "", 0, 0) == FAULT_TIMED_OUT);
    CHECK(fault_cause("", "2026-01-01T00:00:00Z r Task timed out after 3.00 seconds", 0, 0) ==
          FAULT_TIMED_OUT);
    CHECK(fault_cause("KeyError", "'userId'", 0, 0) == FAULT_OTHER);
    CHECK(fault_cause_of_record(span_of("{\"cause\":\"timedOut\",\"errorType\":\"MemoryError\"}")) ==
          FAULT_TIMED_OUT);
    CHECK(fault_cause_of_record(span_of("{\"cause\":\"else\",\"errorType\":\"MemoryError\"}")) ==
          FAULT_OUT_OF_MEMORY);
    CHECK(fault_cause_of_record(span_of(
              "{\"power\":128,\"maxMemoryUsedMB\":40,\"message\":\"signal: killed\"}")) == FAULT_OTHER);
    CHECK(fault_cause_of_record(span_of("{}")) == FAULT_OTHER);
}

static void check_frequencies(void) {
    struct frequencies names = {0}, other = {0};
    struct text out = TEXT_INIT;
    text_append_byte(&out, '{');
    frequencies_add(&names, span_of("\"b\""), 1);
    frequencies_add(&names, span_of("\"ab\""), 2);
    frequencies_add(&names, span_of("\"a\""), 3);
    frequencies_add(&other, span_of("\"b\""), 9007199254740993);
    frequencies_add(&other, span_of("\"c\""), 1);
    frequencies_merge(&names, &other);
    frequencies_put(&out, "m", &names, false);
    frequencies_put(&out, "n", &names, true);
    CHECK_TEXT(text_string(&out), "{\"m\":{\"a\":3,\"ab\":2,\"b\":9007199254740994,\"c\":1},"
                                  "\"n\":{\"a\":\"3\",\"ab\":\"2\",\"b\":\"9007199254740994\",\"c\":\"1\"}");
    text_release(&out);
    frequencies_close(&names);
    frequencies_close(&other);
}

int main(void) {
    TEST("a text is cut between characters, at its end or at its start") {
        check_cuts();
    }
    TEST("each runtime's stack has one line per frame, followed by its causes") {
        check_stacks();
    }
    TEST("a stack is read only up to its limit") {
        check_long_stack();
    }
    TEST("out of memory and timeout are recognised by the type, the message and the memory used") {
        check_causes();
    }
    TEST("counts by name do not depend on the order, and are exact above 2^53") {
        check_frequencies();
    }
    return unit_end();
}
