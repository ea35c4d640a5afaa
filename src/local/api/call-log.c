#include "local/api/call-log.h"

#include "local/api/api.h"
#include "local/server.h"
#include "util/json.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool record_open(struct server *server) {
    server->record = -1;
    if (!server->settings.record)
        return true;
    server->record = open(server->settings.record, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    return server->record >= 0;
}

void record_close(struct server *server) {
    if (server->record >= 0)
        close(server->record);
    server->record = -1;
}

void record_begin(const struct api_request *call, struct text *line) {
    const struct httpd_request *request = call->request;
    const struct text *body = &request->body;
    bool is_invoke = call->operation && strcmp(call->operation, "Invoke") == 0;
    text_append_byte(line, '{');
    json_put_number(line, "sequence", (double)call->server->request_count);
    json_put_string(line, "operation", call->operation);
    json_put_string(line, "function", call->reference.name[0] ? call->reference.name : NULL);
    json_put_string(line, "qualifier", call->reference.qualifier[0] ? call->reference.qualifier : NULL);
    json_put_string(line, "alias", call->alias[0] ? call->alias : NULL);
    json_put_span(line, "method", request->method);
    json_put_span(line, "path", request->path);
    json_put_span(line, "query", request->query);
    json_put_string(line, "requestId", call->id);
    if (is_invoke) {
        json_put_string(line, "logType", httpd_header(request, "X-Amz-Log-Type"));
        json_put_string(line, "invocationType", httpd_header(request, "X-Amz-Invocation-Type"));
    }
    if (is_invoke || body->length)
        json_put_span(line, is_invoke ? "payload" : "body", (struct span){text_string(body), body->length});
}

void record_end(struct server *server, struct text *line, unsigned int status, const char *error) {
    json_put_number(line, "status", status);
    json_put_string(line, "error", error);
    text_append_string(line, "}\n");
    for (size_t done = 0; done < line->length;) {
        ssize_t written = write(server->record, line->bytes + done, line->length - done);
        if (written < 0 && errno != EINTR)
            break;
        done += written > 0 ? (size_t)written : 0;
    }
    text_release(line);
}

void record_call(const struct api_request *call) {
    struct text line = TEXT_INIT;
    if (call->server->record < 0)
        return;
    record_begin(call, &line);
    record_end(call->server, &line, call->status, call->error);
}
