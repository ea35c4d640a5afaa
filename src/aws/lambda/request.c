#include "aws/lambda/internal.h"

#include "util/memory.h"

#include <jansson.h>
#include <stdlib.h>
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

bool lambda_change(struct aws_client *client, const char *method, const char *path, const json_t *document,
                   struct aws_deadline *deadline, struct aws_response *response) {
    char *body = json_dumps(document, JSON_COMPACT);
    struct aws_request request = {.method = method,
                                  .path = path,
                                  .body = body ? body : "{}",
                                  .body_length = body ? strlen(body) : 2,
                                  .changes = true};
    bool done = aws_send(client, &request, deadline, response) == AWS_DONE;
    free(body);
    return done;
}

void lambda_set_string(json_t *document, const char *name, const char *value) {
    if (value)
        json_object_set_new(document, name, json_string(value));
}

void lambda_set_whole(json_t *document, const char *name, long long value) {
    if (value >= 0)
        json_object_set_new(document, name, json_integer(value));
}

bool lambda_list_page(struct aws_client *client, const char *path, const char *parameter, const char *value,
                      const char *marker, struct aws_response *response) {
    struct text query = TEXT_INIT;
    lambda_append_parameter(&query, parameter, value);
    lambda_append_parameter(&query, "Marker", marker);
    lambda_append_parameter(&query, "MaxItems", "50");
    bool done = lambda_read(client, path, query.bytes, false, response);
    text_release(&query);
    return done;
}

/* The marker of the next page, owned; NULL after the last page. */
char *lambda_next_marker(const struct aws_response *response) {
    const json_t *marker = json_object_get(response->document, "NextMarker");
    return json_is_string(marker) && *json_string_value(marker)
               ? memory_copy_string(json_string_value(marker))
               : NULL;
}
