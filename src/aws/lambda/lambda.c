#include "aws/lambda/internal.h"

#include <string.h>

/* ---- configurations ---- */

bool lambda_get_configuration(struct aws_client *client, const char *function, const char *qualifier,
                              struct function_configuration *configuration, struct aws_response *response) {
    struct text path = TEXT_INIT, query = TEXT_INIT;
    lambda_append_path(&path, function, "/configuration");
    lambda_append_parameter(&query, "Qualifier", qualifier);
    bool done = lambda_read(client, path.bytes, text_string(&query), false, response) &&
                lambda_take_configuration(response->document, configuration, response, false);
    lambda_drop_document(response);
    text_release(&path);
    text_release(&query);
    return done;
}

bool lambda_get_function(struct aws_client *client, const char *function, const char *qualifier,
                         struct function_configuration *configuration, struct aws_response *response) {
    struct text path = TEXT_INIT, query = TEXT_INIT;
    lambda_append_path(&path, function, "");
    lambda_append_parameter(&query, "Qualifier", qualifier);
    bool done = lambda_read(client, path.bytes, text_string(&query), true, response) &&
                lambda_take_configuration(json_get(response->document, "Configuration"), configuration,
                                          response, false);
    if (done)
        configuration->reserved_concurrency = lambda_whole_member(json_get(response->document, "Concurrency"),
                                                                  "ReservedConcurrentExecutions", -1);
    lambda_drop_document(response);
    text_release(&path);
    text_release(&query);
    return done;
}

bool lambda_update_configuration(struct aws_client *client, const char *function,
                                 const struct function_change *change, struct aws_deadline *deadline,
                                 struct function_configuration *configuration,
                                 struct aws_response *response) {
    struct text path = TEXT_INIT, members = TEXT_INIT;
    if (change->memory_size >= 0)
        json_put_number(&members, "MemorySize", (double)change->memory_size);
    if (change->timeout >= 0)
        json_put_number(&members, "Timeout", (double)change->timeout);
    json_put_string(&members, "Description", change->description);
    json_put_string(&members, "RevisionId", change->revision_id);
    if (change->logging_config && *change->logging_config)
        json_put_value(&members, "LoggingConfig", span_of(change->logging_config));
    lambda_append_path(&path, function, "/configuration");
    bool done = lambda_change(client, "PUT", path.bytes, &members, deadline, response) &&
                lambda_take_configuration(response->document, configuration, response, true);
    lambda_drop_document(response);
    text_release(&path);
    text_release(&members);
    return done;
}

/* ---- the account ---- */

bool lambda_get_account_settings(struct aws_client *client, struct account_settings *settings,
                                 struct aws_response *response) {
    if (!lambda_read(client, "/2016-08-19/account-settings", NULL, false, response))
        return false;
    struct span limit = json_get(response->document, "AccountLimit");
    struct span usage = json_get(response->document, "AccountUsage");
    *settings = (struct account_settings){lambda_whole_member(limit, "ConcurrentExecutions", -1),
                                          lambda_whole_member(limit, "UnreservedConcurrentExecutions", -1),
                                          lambda_whole_member(limit, "TotalCodeSize", -1),
                                          lambda_whole_member(usage, "TotalCodeSize", 0)};
    return true;
}

/* ---- paths ---- */

void lambda_invoke_path(const char *function, const char *qualifier, struct text *path, struct text *query) {
    lambda_append_path(path, function, "/invocations");
    lambda_append_parameter(query, "Qualifier", qualifier);
}

bool lambda_dry_run(struct aws_client *client, const char *function, const char *qualifier,
                    struct aws_response *response) {
    static const struct sigv4_header headers[] = {{"X-Amz-Invocation-Type", "DryRun"}};
    struct text path = TEXT_INIT, query = TEXT_INIT;
    lambda_invoke_path(function, qualifier, &path, &query);
    struct aws_request request = {.method = "POST",
                                  .path = path.bytes,
                                  .query = text_string(&query),
                                  .body = "null",
                                  .body_length = strlen("null"),
                                  .headers = headers,
                                  .header_count = 1};
    struct aws_deadline deadline = aws_deadline_start(client);
    bool allowed = aws_send(client, &request, &deadline, response) == AWS_DONE;
    text_release(&path);
    text_release(&query);
    return allowed;
}

void lambda_function_path(const char *function, const char *qualifier, struct text *path,
                          struct text *query) {
    lambda_append_path(path, function, "");
    lambda_append_parameter(query, "Qualifier", qualifier);
}
