#include "invoke/internal.h"

#include "aws/arn.h"
#include "aws/lambda/lambda.h"
#include "util/base64.h"

const char *job_processor(const struct job *job) {
    const struct plan *plan = job->engine->plan;
    return job->phase == PHASE_PRE_PROCESSOR ? plan->pre_processor_arn : plan->post_processor_arn;
}

static void processor_path(const struct job *job, struct text *path, struct text *query) {
    struct function_name name;
    struct text identifier = TEXT_INIT, problem = TEXT_INIT;
    if (function_name_parse(span_of(job_processor(job)), &name, &problem)) {
        function_name_identifier(&name, &identifier);
        lambda_invoke_path(identifier.bytes, name.qualifier, path, query);
        function_name_release(&name);
    } else {
        lambda_invoke_path(job_processor(job), "", path, query);
    }
    text_release(&identifier);
    text_release(&problem);
}

/* The client context of a processor, as base64: which invocation it is for. The values are strings, because
 * the runtimes of Go, Java and .NET accept only strings. */
static void append_client_context(const struct job *job, struct text *encoded) {
    struct text json = TEXT_INIT;
    text_append_format(&json, "{\"custom\":{\"phase\":\"%s\",\"power\":\"%lld\",\"index\":\"%lld\"}}",
                       job->phase == PHASE_PRE_PROCESSOR ? "preProcessor" : "postProcessor",
                       job_branch(job)->memory_mb, job->index);
    base64_encode(json.bytes, json.length, encoded);
    text_release(&json);
}

const struct text *job_payload(const struct job *job) {
    return job->replaced.length ? &job->replaced : &job->engine->plan->payloads.payloads[job->payload].body;
}

static void request_body(const struct job *job, struct aws_request *call) {
    const struct text *given = &job->engine->plan->payloads.payloads[job->payload].body;
    const struct text *body = job->phase == PHASE_PRE_PROCESSOR    ? given
                              : job->phase == PHASE_POST_PROCESSOR ? &job->output
                                                                   : job_payload(job);
    call->body_sha256 = body == given ? job->engine->payload_sha256[job->payload] : NULL;
    call->body = text_string(body);
    call->body_length = body->length;
}

/* How long to wait for a response, in ms. The timeout of a processor is not known here, so it gets the
 * maximum of Lambda. */
static long time_to_response(const struct job *job) {
    enum { MAX_TIMEOUT_S = 900 };
    const struct engine *engine = job->engine;
    if (job->phase == PHASE_STATE)
        return AWS_TRY_MS;
    if (job->phase != PHASE_FUNCTION)
        return (MAX_TIMEOUT_S + engine->options.margin_s) * 1000;
    long timeout = ((long)engine->plan->timeout + engine->options.margin_s) * 1000;
    int64_t left = engine->options.deadline_ms - monotonic_ms();
    return engine->options.deadline_ms && left < timeout ? (long)(left > 1 ? left : 1) : timeout;
}

bool job_prepare(struct job *job, struct text *problem) {
    struct engine *engine = job->engine;
    struct sigv4_header headers[] = {{"X-Amz-Log-Type", "Tail"},
                                     {"X-Amz-Tenant-Id", engine->plan->tenant_id}};
    struct text path = TEXT_INIT, query = TEXT_INIT, context = TEXT_INIT;
    struct aws_request call = {.method = "POST", .headers = headers};
    if (job->phase == PHASE_FUNCTION) {
        lambda_invoke_path(engine->plan->lambda_arn, job_segment(job)->version, &path, &query);
        call.header_count = *engine->plan->tenant_id ? 2 : 1;
    } else if (job->phase == PHASE_STATE) {
        lambda_function_path(engine->plan->lambda_arn, job_segment(job)->version, &path, &query);
        call.method = "GET";
    } else {
        processor_path(job, &path, &query);
        append_client_context(job, &context);
        headers[0] = (struct sigv4_header){"X-Amz-Client-Context", context.bytes};
        call.header_count = 1;
    }
    call.path = path.bytes;
    call.query = text_string(&query);
    if (job->phase != PHASE_STATE)
        request_body(job, &call);
    http_timeout(job->transfer, time_to_response(job));
    curl_slist_free_all(job->headers);
    job->headers = NULL;
    bool ready = aws_prepare(engine->session->lambda, &call, job->transfer, &job->headers, problem);
    text_release(&path);
    text_release(&query);
    text_release(&context);
    return ready;
}
