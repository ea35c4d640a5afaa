#include "init/listing.h"

#include "aws/lambda/lambda.h"
#include "util/diagnostics.h"
#include "util/json.h"

#include <string.h>

static void put_string(struct text *record, const char *name, const char *content) {
    json_put_string(record, name, content && *content ? content : NULL);
}

static void append_function(const struct function_configuration *function, struct text *record) {
    text_append_byte(record, '{');
    json_put_string(record, "type", "function");
    put_string(record, "functionName", function->function_name);
    put_string(record, "functionArn", function->function_arn);
    json_put_number(record, "memorySizeMB", (double)function->memory_size);
    json_put_number(record, "timeout", (double)function->timeout);
    put_string(record, "runtime", function->runtime);
    put_string(record, "architecture", function->architecture);
    put_string(record, "packageType", function->package_type);
    json_put_number(record, "codeSizeBytes", (double)function->code_size);
    put_string(record, "lastModified", function->last_modified);
    text_append_byte(record, '}');
}

bool list_functions(struct aws_session *session, struct output *output) {
    struct version_list list;
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text record = TEXT_INIT, why = TEXT_INIT;
    bool listed = lambda_list_functions(session->lambda, &list, &response);
    if (!listed) {
        aws_describe(&response, &why);
        report_error("cannot list the functions: %s", text_string(&why));
    }
    for (size_t i = 0; i < list.count; i++) {
        text_clear(&record);
        append_function(&list.versions[i], &record);
        output_line(output, record.bytes, record.length);
    }
    version_list_release(&list);
    aws_response_release(&response);
    text_release(&record);
    text_release(&why);
    return listed;
}

bool identify_function(struct aws_session *session, const char *function, struct output *output) {
    struct function_configuration configuration = {0};
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text why = TEXT_INIT;
    bool found = lambda_get_function(session->lambda, function, NULL, &configuration, &response);
    if (found) {
        output_line(output, configuration.function_arn, strlen(configuration.function_arn));
    } else {
        aws_describe(&response, &why);
        report_error("%s: %s", function, why.bytes);
    }
    function_configuration_release(&configuration);
    aws_response_release(&response);
    text_release(&why);
    return found;
}
