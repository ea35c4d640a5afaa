#include "invoke/response.h"

#include "aws/error.h"
#include "invoke/errors.h"
#include "tune/fault.h"
#include "util/base64.h"
#include "util/json.h"

#include <string.h>

static bool is_one_of(const char *code, const char *const *codes) {
    for (; *codes; codes++)
        if (strcmp(code, *codes) == 0)
            return true;
    return false;
}

/* The content of a string, any other value as it is written. */
static void append_member(struct span document, const char *name, struct text *out) {
    struct span value;
    if (!json_member(document, name, &value) || json_type(value) == JSON_NULL)
        return;
    if (json_type(value) == JSON_STRING)
        json_decode_string(value, out);
    else
        text_append(out, value.start, value.length);
}

/* What is no error object is shown as it is. */
static void read_function_error(const struct http_transfer *transfer, struct answer *answer) {
    struct span body = {text_string(&transfer->body), transfer->body.length}, document = body;
    if (json_check(body, &document, NULL) && json_type(document) == JSON_OBJECT) {
        append_member(document, "errorType", &answer->code);
        append_member(document, "errorMessage", &answer->message);
        fault_append_stack(&answer->stack, document);
    }
    if (!answer->code.length && !answer->message.length)
        text_append(&answer->message, document.start, document.length);
}

void answer_read(struct http_transfer *transfer, enum http_outcome outcome, struct answer *answer) {
    struct text reason = TEXT_INIT;
    if (outcome != HTTP_ANSWERED) {
        answer->kind = outcome == HTTP_NOT_SENT ? ANSWER_NOT_SENT : ANSWER_LOST;
        text_append_string(&answer->message, transfer->problem);
        text_append_string(&answer->reason, transfer->reason);
        return;
    }
    long status = http_status(transfer);
    if (status >= 200 && status < 300) {
        answer->kind = http_header(transfer, "X-Amz-Function-Error") ? ANSWER_FUNCTION_ERROR : ANSWER_SUCCESS;
        if (answer->kind == ANSWER_FUNCTION_ERROR)
            read_function_error(transfer, answer);
        return;
    }
    aws_read_error(transfer, &answer->code, &answer->message, &reason);
    answer->kind = invoke_error_kind(status, text_string(&answer->code));
    text_append_format(&answer->reason, "HTTP %ld%s%s", status, answer->code.length ? " " : "",
                       text_string(&answer->code));
    if (!answer->message.length)
        text_append_format(&answer->message, "HTTP status %ld", status);
    text_release(&reason);
}

void answer_release(struct answer *answer) {
    text_release(&answer->code);
    text_release(&answer->message);
    text_release(&answer->stack);
    text_release(&answer->reason);
}

bool answer_is_resource_problem(const struct answer *answer) {
    static const char *const types[] = {"Runtime.ExitError",
                                        "Runtime.InitError",
                                        "Sandbox.Failure",
                                        "Extension.Crash",
                                        "Extension.InitError",
                                        "InitError",
                                        NULL};
    const char *code = text_string(&answer->code), *message = text_string(&answer->message);
    return is_one_of(code, types) || fault_cause(code, message, 0, 0) != FAULT_OTHER;
}

bool answer_has_report(const char *log_result, const char *request_id) {
    struct text tail = TEXT_INIT, report = TEXT_INIT;
    bool has = false;
    if (log_result && request_id && base64_decode(span_of(log_result), &tail)) {
        text_append_format(&report, "REPORT RequestId: %s", request_id);
        has = memmem(text_string(&tail), tail.length, report.bytes, report.length) ||
              (memmem(text_string(&tail), tail.length, "platform.report", strlen("platform.report")) &&
               memmem(text_string(&tail), tail.length, request_id, strlen(request_id)));
    }
    text_release(&tail);
    text_release(&report);
    return has;
}
