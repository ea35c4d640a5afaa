#include "console/routes.h"

#include "console/local-functions.h"
#include "console/queries.h"
#include "console/request-guard.h"
#include "console/response.h"
#include "console/run-summary.h"
#include "console/start-run.h"
#include "serve/query.h"
#include "util/json.h"
#include "util/version.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

enum {
    BODY_LIMIT = 16 * 1024 * 1024, /* room for an input with the largest payload */
    PART_LIMIT = 1024 * 1024,      /* of a file, for each request */
    IDLE_TIMEOUT_S = 30,
    REQUEST_TIMEOUT_S = 30,
    ARRIVING_LIMIT = 64 * 1024 * 1024, /* of all bodies together that are arriving */
    MAX_CONNECTIONS = 64
};

static const char json_type_header[] = "application/json";

/* ---- reading ---- */

static void put_setting(struct text *body, const char *name, const char *value) {
    json_put_string(body, name, value);
}

static void setup(struct console *console, struct httpd_request *request, struct span rest) {
    (void)rest;
    const struct console_options *options = &console->options;
    struct text body = TEXT_INIT;
    text_append_byte(&body, '{');
    json_put_string(&body, "version", POWER_TUNE_VERSION);
    json_put_string(&body, "runs", console->runs.path.bytes);
    put_setting(&body, "region", options->region ? options->region : getenv("AWS_REGION"));
    put_setting(&body, "profile", options->profile ? options->profile : getenv("AWS_PROFILE"));
    put_setting(&body, "endpointUrl", options->endpoint_url);
    json_put_name(&body, "functions");
    functions_append(&console->functions, &body);
    text_append_string(&body, "}\n");
    respond(request, 200, json_type_header, &body);
}

static void list_runs(struct console *console, struct httpd_request *request, struct span rest) {
    (void)rest;
    struct text body = TEXT_INIT;
    summary_append_list(&console->runs, &body);
    respond(request, 200, json_type_header, &body);
}

static long long offset_of(struct httpd_request *request) {
    struct text value = TEXT_INIT;
    long long offset = 0;
    if (query_parameter(request->query, "offset", &value))
        offset = strtoll(text_string(&value), NULL, 10);
    text_release(&value);
    return offset > 0 ? offset : 0;
}

/* `rest` is "RUN/FILE". */
static void send_file(struct console *console, struct httpd_request *request, struct span rest) {
    const char *slash = memchr(rest.start, '/', rest.length);
    struct span run = {rest.start, slash ? (size_t)(slash - rest.start) : 0};
    struct text body = TEXT_INIT, file = TEXT_INIT;
    if (slash)
        text_append(&file, slash + 1, rest.length - run.length - 1);
    if (slash && runs_read(&console->runs, run, text_string(&file), offset_of(request), PART_LIMIT, &body))
        respond(request, 200, "text/plain; charset=utf-8", &body);
    else if (errno == ENOENT && run_exists(&console->runs, run)) /* the file may be written later */
        respond(request, 204, NULL, &body);
    else
        respond_error(request, 404, "no such file");
    text_release(&body);
    text_release(&file);
}

static void events(struct console *console, struct httpd_request *request, struct span rest) {
    (void)rest;
    struct httpd_header headers[RESPONSE_HEADERS];
    size_t count = response_headers("text/event-stream", headers);
    struct text run = TEXT_INIT;
    query_parameter(request->query, "run", &run);
    struct span name = {text_string(&run), run.length};
    if (name.length && !run_name_is_valid(name))
        respond_error(request, 404, "no such run");
    else if (!follow(&console->followers, request, name, headers, count))
        respond_error(request, 503, "too many pages are open");
    text_release(&run);
}

/* ---- actions ---- */

static void respond_command(struct httpd_request *request, bool done, const struct text *name,
                            const struct text *command) {
    struct text body = TEXT_INIT;
    if (!done) {
        respond_error(request, 500, strerror(errno));
        return;
    }
    text_append_byte(&body, '{');
    json_put_string(&body, "name", name ? name->bytes : NULL);
    json_put_string(&body, "command", text_string(command));
    text_append_string(&body, "}\n");
    respond(request, 200, json_type_header, &body);
}

static void start(struct console *console, struct httpd_request *request, struct span rest) {
    (void)rest;
    struct place place;
    struct text name = TEXT_INIT, command = TEXT_INIT;
    const char *why = place_read(console, request, &place);
    if (why)
        respond_error(request, 400, why);
    else
        respond_command(request,
                        launch_run(console, &place.launch,
                                   (struct span){text_string(&request->body), request->body.length}, &name,
                                   &command),
                        &name, &command);
    place_release(&place);
    text_release(&name);
    text_release(&command);
}

static void stop(struct console *console, struct httpd_request *request, struct span run) {
    struct text command = TEXT_INIT;
    pid_t process = run_signal(&console->runs, run, SIGTERM);
    text_append_format(&command, "kill -TERM %ld", (long)process);
    if (process)
        respond_command(request, true, NULL, &command);
    else
        respond_error(request, 409, "the run has already ended");
    text_release(&command);
}

static void again(struct console *console, struct httpd_request *request, struct span run,
                  const char *option) {
    struct text command = TEXT_INIT;
    if (!run_has(&console->runs, run, "init.ndjson"))
        respond_error(request, 409, "the run ended before it started to work");
    else if (run_signal(&console->runs, run, 0))
        respond_error(request, 409, "the run is still running");
    else
        respond_command(request, launch_again(console, option, run, &command), NULL, &command);
    text_release(&command);
}

/* `rest` is "RUN/VERB". */
static void act(struct console *console, struct httpd_request *request, struct span rest) {
    const char *slash = memchr(rest.start, '/', rest.length);
    struct span run = {rest.start, slash ? (size_t)(slash - rest.start) : 0}, verb = {slash, 0};
    if (slash)
        verb = (struct span){slash + 1, rest.length - run.length - 1};
    if (span_equals(verb, "stop"))
        stop(console, request, run);
    else if (span_equals(verb, "recover"))
        again(console, request, run, "--recover");
    else if (span_equals(verb, "resume"))
        again(console, request, run, "--resume");
    else
        respond_error(request, 404, "not found");
}

/* ---- routes ---- */

static const struct {
    const char *method, *path;
    bool begins; /* matches longer paths, too; the handler gets the rest */
    void (*handle)(struct console *console, struct httpd_request *request, struct span rest);
} routes[] = {
    {"GET", "/api/setup", false, setup},
    {"GET", "/api/functions", false, query_functions},
    {"POST", "/api/check", false, query_check},
    {"POST", "/api/runs", false, start},
    {"GET", "/api/runs", false, list_runs},
    {"GET", "/api/runs/", true, send_file},
    {"POST", "/api/runs/", true, act},
    {"GET", "/api/events", false, events},
    {"POST", "/api/report", false, query_report_address},
};

static const char script[] = "text/javascript; charset=utf-8";

static const struct {
    const char *path, *name, *type;
} pages[] = {
    {"/", "index.html", "text/html; charset=utf-8"},
    {"/console.css", "console.css", "text/css; charset=utf-8"},
    {"/console.js", "console.js", script},
    {"/start.js", "start.js", script},
    {"/editor.js", "editor.js", script},
    {"/execution.js", "execution.js", script},
    {"/machine.js", "machine.js", script},
    {"/details.js", "details.js", script},
    {"/model.js", "model.js", script},
    {"/json.js", "json.js", script},
    {"/page.js", "page.js", script},
};

static bool serve_page(struct httpd_request *request, struct span path) {
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
        if (span_equals(request->method, "GET") && span_equals(path, pages[i].path)) {
            respond_page(request, pages[i].name, pages[i].type);
            return true;
        }
    return false;
}

static void route(struct console *console, struct httpd_request *request, struct span path) {
    if (serve_page(request, path))
        return;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        size_t length = strlen(routes[i].path);
        bool fits = routes[i].begins ? path.length > length && memcmp(path.start, routes[i].path, length) == 0
                                     : span_equals(path, routes[i].path);
        if (fits && span_equals(request->method, routes[i].method)) {
            routes[i].handle(console, request, (struct span){path.start + length, path.length - length});
            return;
        }
    }
    respond_error(request, 404, "not found");
}

static enum guard_verdict judge(const struct console *console, struct httpd_request *request,
                                struct span *rest) {
    const struct guard_request asked = {.host = httpd_header(request, "Host"),
                                        .origin = httpd_header(request, "Origin"),
                                        .site = httpd_header(request, "Sec-Fetch-Site"),
                                        .mode = httpd_header(request, "Sec-Fetch-Mode"),
                                        .path = request->path};
    return guard_judge(&asked, console->secret, httpd_server_port(console->server), rest);
}

/* Refused requests are detected before their bodies arrive, so that these take no memory. */
static bool admit(void *context, struct httpd_request *request) {
    struct span rest;
    return judge(context, request, &rest) != GUARD_REFUSED;
}

static void handle(void *context, struct httpd_request *request) {
    struct console *console = context;
    struct span rest = {NULL, 0};
    switch (judge(console, request, &rest)) {
    case GUARD_REFUSED:
        respond_error(request, 403,
                      "wrong address: use the whole address that the console printed when it started");
        return;
    case GUARD_SIGNED:
        query_report(console, request, rest);
        return;
    case GUARD_OURS:
        break;
    }
    if (request->crowded_out)
        respond_error(request, 503, "too many requests at once");
    else if (request->body_length > BODY_LIMIT)
        respond_error(request, 413, "the input is too large");
    else
        route(console, request, rest);
}

struct httpd_options api_options(struct console *console) {
    return (struct httpd_options){.port = console->options.port,
                                  .body_limit = BODY_LIMIT,
                                  .bodies_limit = ARRIVING_LIMIT,
                                  .idle_timeout_s = IDLE_TIMEOUT_S,
                                  .request_timeout_s = REQUEST_TIMEOUT_S,
                                  .connection_limit = MAX_CONNECTIONS,
                                  .admit = admit,
                                  .handle = handle,
                                  .context = console};
}
