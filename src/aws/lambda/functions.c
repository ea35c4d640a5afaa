#include "aws/lambda/internal.h"

#include "util/memory.h"

#include <jansson.h>
#include <stdlib.h>

bool lambda_list_functions(struct aws_client *client, struct version_list *list,
                           struct aws_response *response) {
    *list = (struct version_list){NULL, 0};
    size_t capacity = 0, index;
    char *marker = NULL;
    json_t *value;
    bool done;
    do {
        done = lambda_list_page(client, "/2015-03-31/functions/", NULL, NULL, marker, response);
        free(marker);
        marker = done ? lambda_next_marker(response) : NULL;
        json_array_foreach(done ? json_object_get(response->document, "Functions") : NULL, index, value) {
            list->versions =
                memory_reserve(list->versions, &capacity, list->count + 1, sizeof *list->versions);
            list->versions[list->count] = (struct function_configuration){0};
            lambda_read_configuration(value, &list->versions[list->count++]);
        }
        lambda_drop_document(response);
    } while (marker);
    if (!done)
        version_list_release(list);
    return done;
}
