#include "invoke/response.h"

#include "aws/error.h"
#include "invoke/errors.h"
#include "tune/fault.h"
#include "util/base64.h"
#include "util/json.h"
#include "util/words.h"

#include <string.h>

/* Appends a member: the content of a string, or the JSON text of another value. */
static void append_member(struct span document, const char *name, struct text *out) {
    struct span value;
    if (!json_member(document, name, &value) || json_type(value) == JSON_NULL)
        return;
    if (json_type(value) == JSON_STRING)
        json_decode_string(value, out);
    else
        text_append(out, value.start, value.length);
}

/* Reads the function's error. A body that is not an error object becomes the message as it is. */
static void read_function_error(const struct http_transfer *transfer, struct response *response) {
    struct span body = {text_string(&transfer->body), transfer->body.length}, document = body;
    if (json_check(body, &document, NULL) && json_type(document) == JSON_OBJECT) {
        append_member(document, "errorType", &response->code);
        append_member(document, "errorMessage", &response->message);
        fault_append_stack(&response->stack, document);
    }
    if (!response->code.length && !response->message.length)
        text_append(&response->message, document.start, document.length);
}

void response_read(struct http_transfer *transfer, enum http_result result, struct response *response) {
    struct text reason = TEXT_INIT;
    if (result != HTTP_COMPLETE) {
        response->kind = result == HTTP_NOT_SENT ? RESPONSE_NOT_SENT : RESPONSE_LOST;
        text_append_string(&response->message, transfer->problem);
        text_append_string(&response->reason, transfer->reason);
        return;
    }
    long status = http_status(transfer);
    if (status >= 200 && status < 300) {
        response->kind =
            http_header(transfer, "X-Amz-Function-Error") ? RESPONSE_FUNCTION_ERROR : RESPONSE_SUCCESS;
        if (response->kind == RESPONSE_FUNCTION_ERROR)
            read_function_error(transfer, response);
        return;
    }
    aws_read_error(transfer, &response->code, &response->message, &reason);
    response->kind = invoke_error_kind(status, text_string(&response->code));
    text_append_format(&response->reason, "HTTP %ld%s%s", status, response->code.length ? " " : "",
                       text_string(&response->code));
    if (!response->message.length)
        text_append_format(&response->message, "HTTP status %ld", status);
    text_release(&reason);
}

void response_release(struct response *response) {
    text_release(&response->code);
    text_release(&response->message);
    text_release(&response->stack);
    text_release(&response->reason);
}

bool response_is_resource_problem(const struct response *response) {
    static const char *const types[] = {"Runtime.ExitError", "Runtime.InitError",   "Sandbox.Failure",
                                        "Extension.Crash",   "Extension.InitError", "InitError"};
    const char *code = text_string(&response->code), *message = text_string(&response->message);
    return WORD_INDEX(code, types) >= 0 || fault_cause(code, message, 0, 0) != FAULT_OTHER;
}

bool response_has_report(const char *log_result, const char *request_id) {
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
