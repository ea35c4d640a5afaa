#include "local/api/request-log.h"

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

void record_begin(const struct api_request *request, struct text *line) {
    const struct httpd_request *http = request->http;
    const struct text *body = &http->body;
    bool is_invoke = request->operation && strcmp(request->operation, "Invoke") == 0;
    text_append_byte(line, '{');
    json_put_number(line, "sequence", (double)request->server->request_count);
    json_put_string(line, "operation", request->operation);
    json_put_string(line, "function", request->reference.name[0] ? request->reference.name : NULL);
    json_put_string(line, "qualifier", request->reference.qualifier[0] ? request->reference.qualifier : NULL);
    json_put_string(line, "alias", request->alias[0] ? request->alias : NULL);
    json_put_span(line, "method", http->method);
    json_put_span(line, "path", http->path);
    json_put_span(line, "query", http->query);
    json_put_string(line, "requestId", request->id);
    if (is_invoke) {
        json_put_string(line, "logType", httpd_header(http, "X-Amz-Log-Type"));
        json_put_string(line, "invocationType", httpd_header(http, "X-Amz-Invocation-Type"));
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

void record_request(const struct api_request *request) {
    struct text line = TEXT_INIT;
    if (request->server->record < 0)
        return;
    record_begin(request, &line);
    record_end(request->server, &line, request->status, request->error);
}
