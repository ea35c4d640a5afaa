/* tune/record: reading records from a stream, reading their members, and extending them. */
#include "tune/record.h"
#include "unit/unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* A descriptor from which `content` can be read. */
static int input_of(const char *content) {
    int ends[2];
    if (pipe(ends) < 0 || write(ends[1], content, strlen(content)) != (ssize_t)strlen(content))
        exit(99);
    close(ends[1]);
    return ends[0];
}

/* Reads all records and compares them, and the messages on standard error. */
static void check_stream(const char *content, const char *wanted, const char *said) {
    char path[] = "/tmp/test-record.XXXXXX", buffer[2000] = "";
    int saved = dup(STDERR_FILENO), file = mkstemp(path), input = input_of(content);
    struct text got = TEXT_INIT;
    struct record_reader reader;
    struct record record;
    enum record_result result;
    if (dup2(file, STDERR_FILENO) < 0 || dup2(input, STDIN_FILENO) < 0)
        exit(99);
    CHECK(record_reader_open(&reader, "-"));
    while ((result = record_next(&reader, &record)) != RECORD_END)
        if (result == RECORD_READ)
            text_append_format(&got, "%lu%.*s%.*s ", record.line, (int)record.type.length, record.type.start,
                               (int)record.object.length, record.object.start);
        else
            text_append_string(&got, "bad ");
    text_append_format(&got, "%lu", reader.bad);
    if (dup2(saved, STDERR_FILENO) < 0 || pread(file, buffer, sizeof buffer - 1, 0) < 0)
        exit(99);
    CHECK_TEXT(text_string(&got), wanted);
    CHECK_TEXT(buffer, said);
    record_reader_close(&reader);
    close(saved);
    close(file);
    close(input);
    unlink(path);
    text_release(&got);
}

static void check_streams(void) {
    check_stream("{\"type\":\"a\"}\n\n \t\r\n {\"x\":1,\"type\":\"b\"} \n",
                 "1\"a\"{\"type\":\"a\"} 4\"b\"{\"x\":1,\"type\":\"b\"} 0", "");
    check_stream("", "0", "");
    check_stream("{\"type\":\"a\"}", "1\"a\"{\"type\":\"a\"} 0", "");
}

static void check_bad_streams(void) {
    check_stream("nonsense\n{\"type\":\"a\"}\n", "bad 2\"a\"{\"type\":\"a\"} 1",
                 "power-tune: standard input:1: not a record: expected a value at byte 1\n");
    check_stream(
        "{\"type\":\"a\"}\n{\"type\":\"b\",\"x", "1\"a\"{\"type\":\"a\"} bad 1",
        "power-tune: standard input:2: truncated record: unexpected end inside a string at byte 15\n");
    check_stream("[1]\n", "bad 1", "power-tune: standard input:1: not a record: an array\n");
    check_stream("{\"a\":1}\n", "bad 1",
                 "power-tune: standard input:1: not a record: no string member 'type'\n");
    check_stream("{\"type\":1}\n", "bad 1",
                 "power-tune: standard input:1: not a record: no string member 'type'\n");
    check_stream("{}}\n", "bad 1",
                 "power-tune: standard input:1: not a record: unexpected text after the value at byte 3\n");
}

struct target {
    long long memory_mb;
    double duration;
    struct span name, any;
    bool flag;
};

static const struct field fields[] = {
    {"power", FIELD_WHOLE, offsetof(struct target, memory_mb), true, 128, 10240},
    {"durationMs", FIELD_NUMBER, offsetof(struct target, duration), false, 0, 0},
    {"name", FIELD_STRING, offsetof(struct target, name), false, 0, 0},
    {"any", FIELD_VALUE, offsetof(struct target, any), false, 0, 0},
    {"flag", FIELD_BOOLEAN, offsetof(struct target, flag), false, 0, 0},
};

static bool fill(const char *object, struct target *target, struct text *problem) {
    struct span checked;
    CHECK(json_check(span_of(object), &checked, NULL));
    return record_fields(checked, fields, sizeof fields / sizeof *fields, target, problem);
}

static void check_problem(const char *object, const char *wanted) {
    struct target target = {0};
    struct text problem = TEXT_INIT;
    CHECK(!fill(object, &target, &problem));
    CHECK_TEXT(text_string(&problem), wanted);
    text_release(&problem);
}

static void check_fields(void) {
    struct target target = {.duration = 7, .flag = true};
    struct text problem = TEXT_INIT;
    CHECK(
        fill("{\"power\":1.28e2,\"name\":\"x\",\"durationMs\":null,\"any\":null,\"flag\":false,\"else\":[]}",
             &target, &problem));
    CHECK(target.memory_mb == 128 && target.duration == 7 && !target.flag);
    CHECK(span_equals(target.name, "\"x\"") && span_equals(target.any, "null"));
    CHECK(fill("{\"power\":10240,\"durationMs\":-0.5}", &target, &problem) && target.duration == -0.5);
    CHECK(problem.length == 0);
}

static void check_problems(void) {
    check_problem("{}", "no member 'power'");
    check_problem("{\"power\":null}", "no member 'power'");
    check_problem("{\"power\":\"128\"}", "member 'power' is a string, not a whole number");
    check_problem("{\"power\":128.5}",
                  "member 'power' is a number with a fraction or too large, not a whole number");
    check_problem("{\"power\":127}", "member 'power' is 127, not within 128..10240");
    check_problem("{\"power\":128,\"durationMs\":true}", "member 'durationMs' is true, not a number");
    check_problem("{\"power\":128,\"name\":7}", "member 'name' is a number, not a string");
    check_problem("{\"power\":128,\"flag\":0}", "member 'flag' is a number, not true or false");
}

static void check_extended(const char *object, const char *added, const char *wanted) {
    struct text out = TEXT_INIT;
    record_extend(&out, span_of(object), span_of(added));
    CHECK_TEXT(text_string(&out), wanted);
    text_release(&out);
}

int main(void) {
    TEST("records are read with their line numbers, and empty lines are skipped") {
        check_streams();
    }
    TEST("a line that is not a record is reported with its position and does not end the stream") {
        check_bad_streams();
    }
    TEST("a failed read is reported once") {
        struct record_reader reader;
        struct record record;
        int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
        CHECK(dup2(null, STDERR_FILENO) >= 0);
        CHECK(record_reader_open(&reader, "/"));
        CHECK(record_next(&reader, &record) == RECORD_BAD && record_next(&reader, &record) == RECORD_END);
        CHECK(reader.bad == 1 && dup2(saved, STDERR_FILENO) >= 0);
        record_reader_close(&reader);
        close(saved);
        close(null);
    }
    TEST("members are stored as the table says; null and absent ones change nothing") {
        check_fields();
    }
    TEST("a member that is missing, of the wrong type or out of range is named") {
        check_problems();
    }
    TEST("a record is extended without changing its other bytes") {
        check_extended("{\"type\":\"a\",\"x\": 1.0 }", "{\"y\":2}", "{\"type\":\"a\",\"x\":1.0,\"y\":2}");
        check_extended("{\"a\":1,\"b\":2}", "{\"a\":{\"c\":3}}", "{\"b\":2,\"a\":{\"c\":3}}");
        check_extended("{}", "{}", "{}");
        check_extended("{\"n\":12345678901234567890}", "{}", "{\"n\":12345678901234567890}");
    }
    return unit_end();
}
