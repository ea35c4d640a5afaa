#include "aws/lambda/internal.h"

#include "util/memory.h"

static void add_function(struct span element, void *context) {
    struct version_list *list = context;
    list->versions = memory_reserve(list->versions, &list->capacity, list->count + 1, sizeof *list->versions);
    lambda_read_configuration(element, &list->versions[list->count++]);
}

bool lambda_list_functions(struct aws_client *client, struct version_list *list,
                           struct aws_response *response) {
    *list = (struct version_list){NULL, 0, 0};
    bool done =
        lambda_list(client, "/2015-03-31/functions/", NULL, NULL, "Functions", add_function, list, response);
    if (!done)
        version_list_release(list);
    return done;
}
