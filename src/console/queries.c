#include "console/queries.h"

#include "console/local-functions.h"
#include "console/request-guard.h"
#include "console/response.h"
#include "serve/query.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/url.h"

#include <errno.h>
#include <stdlib.h>

enum { MAX_COMPARED = 8 };

/* ---- places ---- */

/* The parameter; NULL when it is absent or empty. */
static const char *parameter(const struct httpd_request *request, const char *name, struct text *value) {
    return query_parameter(request->query, name, value) && value->length ? value->bytes : NULL;
}

/* Refuses secrets in the URL: commands are shown, and every user of the machine can read them. */
static const char *bad_endpoint(const struct place *place) {
    return place->launch.endpoint_url && url_may_have_secret(place->launch.endpoint_url)
               ? "a user name, password or query is not supported in the URL of an endpoint"
               : NULL;
}

const char *place_read(const struct console *console, struct httpd_request *request, struct place *place) {
    static const char *const names[] = {"local", "region", "profile", "endpoint-url"};
    *place = (struct place){.local = TEXT_INIT};
    if (!query_has_only(request->query, names, sizeof names / sizeof *names))
        return "unknown or repeated query parameter";
    bool is_local = query_parameter(request->query, "local", &place->local);
    if (is_local &&
        !functions_has(&console->functions, (struct span){text_string(&place->local), place->local.length}))
        return "not one of the listed local functions";
    place->launch = (struct launch_place){
        .local = is_local ? place->local.bytes : NULL,
        .region = parameter(request, "region", &place->region),
        .profile = parameter(request, "profile", &place->profile),
        .endpoint_url = parameter(request, "endpoint-url", &place->endpoint_url),
    };
    return bad_endpoint(place);
}

void place_release(struct place *place) {
    text_release(&place->local);
    text_release(&place->region);
    text_release(&place->profile);
    text_release(&place->endpoint_url);
}

/* ---- queries ---- */

/* A request that waits for a program. */
struct query {
    struct httpd_request *request;
    struct text command;
};

static struct query *query_new(struct httpd_request *request, const struct words *words) {
    struct query *query = memory_zeroed(1, sizeof *query);
    query->request = request;
    words_append(words, &query->command);
    return query;
}

static void query_free(struct query *query) {
    text_release(&query->command);
    free(query);
}

static void respond_result(void *context, const struct command_result *result) {
    struct query *query = context;
    struct text body = TEXT_INIT;
    text_append_byte(&body, '{');
    json_put_number(&body, "status", result->status);
    json_put_string(&body, "command", query->command.bytes);
    json_put_span(&body, "output", result->output);
    json_put_span(&body, "messages", result->errors);
    text_append_string(&body, "}\n");
    respond(query->request, 200, "application/json", &body);
    query_free(query);
}

static void respond_report(void *context, const struct command_result *result) {
    struct query *query = context;
    struct text page = TEXT_INIT;
    if (result->status == 0) {
        text_append(&page, result->output.start, result->output.length);
        respond_view(query->request, &page);
    } else {
        text_append(&page, result->errors.start, result->errors.length);
        respond(query->request, 500, "text/plain; charset=utf-8", &page);
    }
    query_free(query);
}

static void run_query(struct console *console, struct httpd_request *request, const struct words *words,
                      struct span input, void (*done)(void *context, const struct command_result *result)) {
    struct query *query = query_new(request, words);
    if (command_run(&console->commands, words, input, done, query))
        return;
    bool busy = errno == EAGAIN;
    query_free(query);
    respond_error(request, busy ? 503 : 500, busy ? "too many requests at once" : strerror(errno));
}

void query_functions(struct console *console, struct httpd_request *request, struct span rest) {
    (void)rest;
    struct place place;
    struct words words = {NULL, 0};
    const char *why = place_read(console, request, &place);
    place.launch.local = NULL;
    words_add(&words, "pt-init");
    words_add(&words, "--list-functions");
    launch_add_place(console, &place.launch, &words);
    if (why)
        respond_error(request, 400, why);
    else
        run_query(console, request, &words, (struct span){"", 0}, respond_result);
    place_release(&place);
    words_release(&words);
}

void query_check(struct console *console, struct httpd_request *request, struct span rest) {
    (void)rest;
    struct place place;
    struct words words = {NULL, 0};
    const char *why = place_read(console, request, &place);
    words_add(&words, "pt-init");
    words_add(&words, "--syntax");
    if (place.launch.local) /* the driver names the function, too */
        words_add(&words, "--function=local");
    words_add(&words, "-");
    if (why)
        respond_error(request, 400, why);
    else
        run_query(console, request, &words, (struct span){text_string(&request->body), request->body.length},
                  respond_result);
    place_release(&place);
    words_release(&words);
}

/* ---- reports ---- */

/* Adds the directories of the runs "A,B" to the words. False when a run does not exist. */
static bool add_runs(const struct console *console, struct span runs, struct words *words) {
    struct text path = TEXT_INIT;
    bool good = true;
    size_t count = 0;
    while (good && runs.length) {
        const char *comma = memchr(runs.start, ',', runs.length);
        struct span run = {runs.start, comma ? (size_t)(comma - runs.start) : runs.length};
        good = ++count <= MAX_COMPARED && run_has(&console->runs, run, "init.ndjson");
        text_clear(&path);
        runs_append_path(&console->runs, run, &path);
        words_add(words, path.bytes);
        size_t step = run.length + (comma != NULL);
        runs = (struct span){runs.start + step, runs.length - step};
    }
    text_release(&path);
    return good && count;
}

void query_report_address(struct console *console, struct httpd_request *request, struct span rest) {
    (void)rest;
    struct text runs = TEXT_INIT, body = TEXT_INIT, address = TEXT_INIT, command = TEXT_INIT;
    struct words words = {NULL, 0};
    words_add(&words, "pt-report");
    query_parameter(request->query, "runs", &runs);
    struct span names = {text_string(&runs), runs.length};
    if (add_runs(console, names, &words)) {
        text_append_format(&address, "%s%s/", GUARD_VIEW, runs.bytes);
        secret_sign(console->secret, names, &address);
        words_append(&words, &command);
        text_append_byte(&body, '{');
        json_put_string(&body, "address", address.bytes);
        json_put_string(&body, "command", command.bytes);
        text_append_string(&body, "}\n");
        respond(request, 200, "application/json", &body);
    } else {
        respond_error(request, 404, "no such run");
    }
    struct text *const texts[] = {&runs, &address, &command};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_release(texts[i]);
    words_release(&words);
}

void query_report(struct console *console, struct httpd_request *request, struct span runs) {
    struct words words = {NULL, 0};
    words_add(&words, "pt-report");
    words_add(&words, "--quiet");
    if (!span_equals(request->method, "GET") || !add_runs(console, runs, &words))
        respond_error(request, 404, "no such run");
    else
        run_query(console, request, &words, (struct span){"", 0}, respond_report);
    words_release(&words);
}
