#include "aws/error.h"

#include "util/json.h"
#include "util/options.h"
#include "util/words.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void append_json_member(struct span document, const char *name, struct text *out) {
    struct span value = json_get(document, name);
    if (!out->length && json_type(value) == JSON_STRING)
        json_decode_string(value, out);
}

/* Appends the content of the first <name> element. S3 and STS respond with XML that nests nothing in these
 * elements. */
static void append_xml_element(const struct text *body, const char *name, struct text *out) {
    char opening[32];
    snprintf(opening, sizeof opening, "<%s>", name);
    const char *start = body->length ? strstr(body->bytes, opening) : NULL;
    if (!start || out->length)
        return;
    start += strlen(opening);
    text_append(out, start, strcspn(start, "<"));
}

/* Services of the JSON protocol send "com.amazon.coral.service#AccessDeniedException". */
static void drop_namespace(struct text *code) {
    const char *mark = strchr(text_string(code), '#');
    if (!mark)
        return;
    code->length = strlen(mark + 1);
    memmove(code->bytes, mark + 1, code->length + 1);
}

/* When a signature does not match, AWS adds the request as it received it, on lines of its own, with the
 * session token in it. */
static void cut_to_line(struct text *message) {
    message->length = strcspn(text_string(message), "\r\n");
    if (message->bytes)
        message->bytes[message->length] = '\0';
}

void aws_read_error(const struct http_transfer *transfer, struct text *code, struct text *message,
                    struct text *reason) {
    const char *type = http_header(transfer, "x-amzn-ErrorType");
    if (type)
        text_append(code, type, strcspn(type, ":"));
    struct span document;
    if (json_check((struct span){text_string(&transfer->body), transfer->body.length}, &document, NULL)) {
        append_json_member(document, "code", code);
        append_json_member(document, "__type", code);
        drop_namespace(code);
        append_json_member(document, "Message", message);
        append_json_member(document, "message", message);
        append_json_member(document, "Reason", reason);
    } else {
        append_xml_element(&transfer->body, "Code", code);
        append_xml_element(&transfer->body, "Message", message);
    }
    cut_to_line(message);
}

bool aws_is_throttling(long status, const char *code) {
    static const char *const codes[] = {"Throttling",
                                        "ThrottlingException",
                                        "ThrottledException",
                                        "RequestThrottledException",
                                        "TooManyRequestsException",
                                        "ProvisionedThroughputExceededException",
                                        "TransactionInProgressException",
                                        "RequestLimitExceeded",
                                        "BandwidthLimitExceeded",
                                        "LimitExceededException",
                                        "RequestThrottled",
                                        "SlowDown",
                                        "PriorRequestNotComplete",
                                        "EC2ThrottledException"};
    return status == 429 || WORD_INDEX(code, codes) >= 0;
}

bool aws_is_transient(long status, const char *code) {
    return status >= 500 || status == 408 || strcmp(code, "RequestTimeout") == 0 ||
           strcmp(code, "RequestTimeoutException") == 0;
}

int64_t aws_retry_after(const struct http_transfer *transfer) {
    const char *value = http_header(transfer, "x-amz-retry-after");
    long long number;
    if (value)
        return parse_whole_number(value, 0, INT32_MAX, &number) ? number : 0;
    value = http_header(transfer, "Retry-After");
    if (!value)
        return 0;
    if (parse_whole_number(value, 0, INT32_MAX, &number))
        return number * 1000;
    time_t until = curl_getdate(value, NULL);
    /* Both dates are from the server: this machine's clock does not matter. */
    const char *date = until == -1 ? NULL : http_header(transfer, "Date");
    time_t now = date ? curl_getdate(date, NULL) : time(NULL);
    return until > now && now != -1 ? (int64_t)(until - now) * 1000 : 0;
}
