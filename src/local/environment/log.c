#include "local/environment/log.h"

#include "local/store/stamps.h"
#include "util/base64.h"
#include "util/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { KEEP = 64 * 1024 };

void log_output(struct log *log, const char *bytes, size_t length) {
    if (log->bytes.length + length > KEEP && log->bytes.length > LOG_TAIL) {
        size_t drop = log->bytes.length - LOG_TAIL;
        memmove(log->bytes.bytes, log->bytes.bytes + drop, LOG_TAIL);
        log->bytes.length = LOG_TAIL;
        log->bytes.bytes[LOG_TAIL] = '\0';
    }
    text_append(&log->bytes, bytes, length);
}

/* The output of a function may lack a newline at the end; the next platform line starts a new line. */
static void begin_line(struct log *log) {
    if (log->bytes.length && log->bytes.bytes[log->bytes.length - 1] != '\n')
        text_append_byte(&log->bytes, '\n');
}

void log_line(struct log *log, const char *format, ...) {
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    begin_line(log);
    text_append_string(&log->bytes, line);
    text_append_byte(&log->bytes, '\n');
}

/* ---- JSON ---- */

static void begin_event(struct log *log, const char *type) {
    char time[TIMESTAMP_SIZE];
    stamp_log_time(time);
    begin_line(log);
    text_append_format(&log->bytes, "{\"time\":\"%s\",\"type\":\"%s\",\"record\":{", time, type);
}

static void end_event(struct log *log) {
    text_append_string(&log->bytes, "}}\n");
}

static void put_status(struct log *log, const struct report *report) {
    json_put_string(&log->bytes, "status", report->status ? report->status : "success");
    json_put_string(&log->bytes, "errorType", report->error_type);
}

static void end_json(struct log *log, const struct report *report) {
    if (log->no_info && !report->status)
        return;
    begin_event(log, "platform.runtimeDone");
    json_put_string(&log->bytes, "requestId", report->request_id);
    put_status(log, report);
    text_append_format(&log->bytes, ",\"metrics\":{\"durationMs\":%.3f}", report->duration_ms);
    end_event(log);
    begin_event(log, "platform.report");
    json_put_string(&log->bytes, "requestId", report->request_id);
    text_append_format(&log->bytes,
                       ",\"metrics\":{\"durationMs\":%.3f,\"billedDurationMs\":%ld,\"memorySizeMB\":%d,"
                       "\"maxMemoryUsedMB\":%ld",
                       report->duration_ms, report->billed_ms, report->memory_mb, report->peak_mb);
    if (report->init_ms >= 0)
        text_append_format(&log->bytes, ",\"initDurationMs\":%.3f", report->init_ms);
    if (report->restore_ms >= 0)
        text_append_format(&log->bytes, ",\"restoreDurationMs\":%.3f,\"billedRestoreDurationMs\":%ld",
                           report->restore_ms, report->billed_restore_ms);
    text_append_byte(&log->bytes, '}');
    put_status(log, report);
    end_event(log);
}

/* ---- both ---- */

void log_start(struct log *log, const char *request_id, const char *version, const char *function_arn) {
    if (!log->json) {
        log_line(log, "START RequestId: %s Version: %s", request_id, version);
        return;
    }
    if (log->no_info)
        return;
    begin_event(log, "platform.start");
    json_put_string(&log->bytes, "requestId", request_id);
    json_put_string(&log->bytes, "functionArn", function_arn);
    json_put_string(&log->bytes, "version", version);
    end_event(log);
}

void log_init_report(struct log *log, double init_ms, const char *phase, const char *status,
                     const char *error_type) {
    if (!log->json) {
        log_line(log, "INIT_REPORT Init Duration: %.2f ms\tPhase: %s\tStatus: %s%s%s", init_ms, phase, status,
                 error_type ? "\tError Type: " : "", error_type ? error_type : "");
        return;
    }
    begin_event(log, "platform.initReport");
    json_put_string(&log->bytes, "initializationType", "on-demand");
    json_put_string(&log->bytes, "phase", phase);
    json_put_string(&log->bytes, "status", status);
    json_put_string(&log->bytes, "errorType", error_type);
    text_append_format(&log->bytes, ",\"metrics\":{\"durationMs\":%.3f}", init_ms);
    end_event(log);
}

void log_restore_report(struct log *log, double restore_ms) {
    if (!log->json) {
        log_line(log, "RESTORE_START Runtime Version: local\tRuntime Version ARN: ");
        log_line(log, "RESTORE_REPORT Restore Duration: %.2f ms", restore_ms);
        return;
    }
    if (log->no_info)
        return;
    begin_event(log, "platform.restoreReport");
    json_put_string(&log->bytes, "status", "success");
    text_append_format(&log->bytes, ",\"metrics\":{\"durationMs\":%.3f}", restore_ms);
    end_event(log);
}

static void end_text(struct log *log, const struct report *report) {
    log_line(log, "END RequestId: %s", report->request_id);
    begin_line(log);
    text_append_format(&log->bytes,
                       "REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %ld ms\tMemory Size: %d "
                       "MB\tMax Memory Used: %ld MB\t",
                       report->request_id, report->duration_ms, report->billed_ms, report->memory_mb,
                       report->peak_mb);
    if (report->init_ms >= 0)
        text_append_format(&log->bytes, "Init Duration: %.2f ms\t", report->init_ms);
    if (report->restore_ms >= 0)
        text_append_format(&log->bytes, "Restore Duration: %.2f ms\tBilled Restore Duration: %ld ms\t",
                           report->restore_ms, report->billed_restore_ms);
    if (report->status && !report->handled) {
        text_append_format(&log->bytes, "Status: %s", report->status);
        if (report->error_type)
            text_append_format(&log->bytes, "\tError Type: %s", report->error_type);
    }
    text_append_byte(&log->bytes, '\n');
}

void log_end(struct log *log, const struct report *report) {
    if (log->json)
        end_json(log, report);
    else
        end_text(log, report);
}

void log_tail(const struct log *log, struct text *encoded) {
    size_t length = log->bytes.length < LOG_TAIL ? log->bytes.length : LOG_TAIL;
    if (length)
        base64_encode(log->bytes.bytes + log->bytes.length - length, length, encoded);
}
