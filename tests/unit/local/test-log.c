#include "local/environment/log.h"
#include "unit/unit.h"
#include "util/base64.h"

#define ID "8476a536-e9f4-11e8-9739-2dfe598c3fcd"

static struct report plain(void) {
    return (struct report){.request_id = ID,
                           .duration_ms = 12.345,
                           .init_ms = -1,
                           .restore_ms = -1,
                           .billed_ms = 13,
                           .memory_mb = 256,
                           .peak_mb = 57};
}

static void test_text(void) {
    struct log log = {.json = false};
    struct report report = plain();
    TEST("text format: a newline is added after the function's last line") {
        log_start(&log, ID, "7", "arn");
        log_output(&log, "half a line", 11);
        log_end(&log, &report);
        CHECK_TEXT(
            text_string(&log.bytes),
            "START RequestId: " ID " Version: 7\nhalf a line\nEND RequestId: " ID "\nREPORT RequestId: " ID
            "\tDuration: 12.35 ms\tBilled Duration: 13 ms\tMemory Size: 256 MB\tMax Memory Used: 57 MB\t\n");
    }
    TEST("text format: init, restore and status follow the memory") {
        text_clear(&log.bytes);
        report.init_ms = 1.5;
        report.status = "error";
        report.error_type = "Runtime.ExitError";
        log_end(&log, &report);
        CHECK(strstr(text_string(&log.bytes),
                     "Used: 57 MB\tInit Duration: 1.50 ms\tStatus: error\tError Type: "
                     "Runtime.ExitError\n"));
        text_clear(&log.bytes);
        report = plain();
        report.restore_ms = 2.25;
        report.billed_restore_ms = 3;
        log_end(&log, &report);
        CHECK(strstr(text_string(&log.bytes),
                     "Used: 57 MB\tRestore Duration: 2.25 ms\tBilled Restore Duration: 3 ms\t\n"));
    }
    TEST("text format: an error that the function reported has no status") {
        text_clear(&log.bytes);
        report = plain();
        report.status = "error";
        report.error_type = "Teapot";
        report.handled = true;
        log_end(&log, &report);
        CHECK(!strstr(text_string(&log.bytes), "Status"));
    }
    text_release(&log.bytes);
}

static void test_json(void) {
    struct log log = {.json = true};
    struct report report = plain();
    TEST("JSON format: the report has a time and a record") {
        log_end(&log, &report);
        CHECK(strstr(text_string(&log.bytes),
                     "\"type\":\"platform.report\",\"record\":{\"requestId\":\"" ID
                     "\",\"metrics\":{\"durationMs\":12.345,\"billedDurationMs\":13,\"memorySizeMB\":256,"
                     "\"maxMemoryUsedMB\":57},\"status\":\"success\"}}\n"));
    }
    TEST("JSON format: at WARN only failures are reported") {
        text_clear(&log.bytes);
        log.no_info = true;
        log_start(&log, ID, "7", "arn");
        log_end(&log, &report);
        CHECK_TEXT(text_string(&log.bytes), "");
        report.status = "timeout";
        log_end(&log, &report);
        CHECK(strstr(text_string(&log.bytes), "\"status\":\"timeout\""));
    }
    text_release(&log.bytes);
}

static void test_tail(void) {
    struct log log = {.json = false};
    struct text encoded = TEXT_INIT, tail = TEXT_INIT;
    TEST("the tail is the last 4 KB of a long log") {
        for (int i = 0; i < 30000; i++)
            log_output(&log, "0123456789", 10);
        log_output(&log, "END", 3);
        log_tail(&log, &encoded);
        CHECK(base64_decode((struct span){encoded.bytes, encoded.length}, &tail));
        CHECK(tail.length == LOG_TAIL);
        CHECK(memcmp(tail.bytes + LOG_TAIL - 8, "56789END", 8) == 0);
        CHECK(tail.bytes[0] == '0' + (10 - (LOG_TAIL - 3) % 10) % 10);
        CHECK(log.bytes.length < 100000);
    }
    text_release(&encoded);
    text_release(&tail);
    text_release(&log.bytes);
}

int main(void) {
    test_text();
    test_json();
    test_tail();
    return unit_end();
}
