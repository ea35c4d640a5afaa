#include "aws/logs.h"

#include "util/json.h"

static void put_body(struct text *body, const struct logs_query *query, const struct text *token) {
    text_append_byte(body, '{');
    json_put_string(body, "logGroupName", query->group);
    json_put_string(body, "filterPattern", query->pattern);
    json_put_number(body, "startTime", (double)query->start_ms);
    json_put_number(body, "endTime", (double)query->end_ms);
    if (token->length)
        json_put_string(body, "nextToken", text_string(token));
    text_append_byte(body, '}');
}

static bool send_request(struct aws_client *client, const struct text *body, struct aws_response *response) {
    static const struct sigv4_header target = {"x-amz-target", "Logs_20140328.FilterLogEvents"};
    struct aws_deadline deadline = aws_deadline_start(client);
    const struct aws_request request = {.method = "POST",
                                        .path = "/",
                                        .body = body->bytes,
                                        .body_length = body->length,
                                        .content_type = "application/x-amz-json-1.1",
                                        .headers = &target,
                                        .header_count = 1};
    return aws_send(client, &request, &deadline, response) == AWS_DONE;
}

static bool read_page(struct aws_response *response, struct text *token, struct span *events) {
    struct span document, next;
    struct json_error error;
    if (!json_check((struct span){text_string(&response->body), response->body.length}, &document, &error) ||
        !json_member(document, "events", events) || json_type(*events) != JSON_ARRAY) {
        text_append_string(&response->message, "the response has no events");
        response->result = AWS_UNREACHABLE;
        return false;
    }
    text_clear(token);
    if (json_member(document, "nextToken", &next) && json_type(next) == JSON_STRING)
        json_decode_string(next, token);
    return true;
}

bool logs_filter_page(struct aws_client *client, const struct logs_query *query, struct text *token,
                      struct aws_response *response, struct span *events) {
    struct text body = TEXT_INIT;
    put_body(&body, query, token);
    bool done = send_request(client, &body, response) && read_page(response, token, events);
    text_release(&body);
    return done;
}
