#include "aws/lambda/internal.h"

#include <string.h>

#define FUNCTIONS_PATH "/2015-03-31/functions/"

void lambda_append_path(struct text *path, const char *function, const char *rest) {
    text_append_string(path, FUNCTIONS_PATH);
    uri_encode(function, strlen(function), false, path);
    text_append_string(path, rest);
}

void lambda_append_parameter(struct text *query, const char *name, const char *value) {
    if (!value || !*value)
        return;
    if (query->length)
        text_append_byte(query, '&');
    text_append_format(query, "%s=", name);
    uri_encode(value, strlen(value), false, query);
}

bool lambda_read(struct aws_client *client, const char *path, const char *query, bool unpaced,
                 struct aws_response *response) {
    struct aws_deadline deadline = aws_deadline_start(client);
    struct aws_request request = {.method = "GET", .path = path, .query = query, .unpaced = unpaced};
    return aws_send(client, &request, &deadline, response) == AWS_DONE;
}

bool lambda_change(struct aws_client *client, const char *method, const char *path,
                   const struct text *members, struct aws_deadline *deadline, struct aws_response *response) {
    struct text body = TEXT_INIT;
    text_append_format(&body, "{%s}", text_string(members));
    struct aws_request request = {
        .method = method, .path = path, .body = body.bytes, .body_length = body.length, .changes = true};
    bool done = aws_send(client, &request, deadline, response) == AWS_DONE;
    text_release(&body);
    return done;
}

bool lambda_list(struct aws_client *client, const char *path, const char *parameter, const char *value,
                 const char *member, void (*take)(struct span element, void *list), void *list,
                 struct aws_response *response) {
    struct text marker = TEXT_INIT;
    bool done;
    do {
        struct text query = TEXT_INIT;
        struct span element;
        lambda_append_parameter(&query, parameter, value);
        lambda_append_parameter(&query, "Marker", text_string(&marker));
        lambda_append_parameter(&query, "MaxItems", "50");
        done = lambda_read(client, path, query.bytes, false, response);
        text_release(&query);
        text_clear(&marker);
        if (!done)
            break;
        json_get_string(response->document, "NextMarker", &marker);
        struct json_cursor cursor = json_cursor(json_get(response->document, member));
        while (json_next_element(&cursor, &element))
            take(element, list);
        lambda_drop_document(response);
    } while (marker.length);
    text_release(&marker);
    return done;
}
