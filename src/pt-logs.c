/* pt-logs: fetches the REPORT lines of functions from CloudWatch Logs. Writes one log event per line, in a
 * form that pt-logparse reads:
 *
 *     {"logGroup":"/aws/lambda/resize","logStreamName":"2024/05/01/[$LATEST]ab...","timestamp":1714557600000,
 *      "message":"REPORT RequestId: 6d6fe7e6-...\tDuration: 5.20 ms\t..."} */
#include "aws/arn.h"
#include "aws/lambda/lambda.h"
#include "aws/logs.h"
#include "aws/session.h"
#include "logparse/prefix.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/lines.h"
#include "util/timestamp.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-logs [option...] FUNCTION...\n"
    "Fetches the reports of functions from CloudWatch Logs, for pt-logparse.\n"
    "\n"
    "FUNCTION is a function name or ARN, or the name of a log group (which contains a '/').\n";

static const char notes[] =
    "Requires the permission logs:FilterLogEvents on the log groups and, for functions that do not\n"
    "log to /aws/lambda/NAME, lambda:GetFunctionConfiguration.\n"
    "\n"
    "Exit codes: 0 done; 1 failed; 2 bad usage, no credentials.\n";

/* Matches text and JSON reports. It also matches other events with these words; pt-logparse rejects those. */
static const char pattern[] = "?\"REPORT RequestId\" ?\"platform.report\"";

enum { DAY_MS = 86400000 };

struct settings {
    struct aws_options aws;
    int64_t since_ms, until_ms;
    bool progress;
};

struct run {
    struct settings settings;
    struct aws_session session;
    struct output output;
    bool terminal;
    unsigned long events;
};

/* ---- options ---- */

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads a duration before now, or a date and time, as milliseconds since 1970. */
static void take_time(const struct option_row *row, char *text) {
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', DAY_MS}, {'w', 604800000}};
    char *unit;
    long long number = strtoll(text, &unit, 10);
    int64_t now = now_ms(), *time = row->target.any;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (unit > text && unit[0] == units[i].unit && !unit[1] && number >= 0 && number <= 100000) {
            *time = number * units[i].ms < now ? now - number * units[i].ms : 0;
            return;
        }
    const char *end = text + strlen(text);
    if (timestamp_parse(text, end, time) != end)
        option_refuse(row, "'%s' is not a time (such as 90m, 24h, 7d, 4w or 2024-05-01T10:00:00Z)", text);
}

static void parse_options(int argc, char **argv, struct settings *settings) {
    static const struct program program = {"pt-logs", usage, notes, -1};
    const struct option_row rows[] = {
        OPTION_CALL("since", "TIME", take_time, &settings->since_ms,
                    "start of the period: 90m, 24h (default), 7d or 4w ago, or a time such as "
                    "2024-05-01T10:00:00Z"),
        OPTION_CALL("until", "TIME", take_time, &settings->until_ms,
                    "end of the period, in the same form (default: now)"),
        OPTION_UNSET("no-progress", &settings->progress, "do not show progress on a terminal"),
        AWS_OPTIONS(&settings->aws),
        OPTION_END,
    };
    *settings = (struct settings){.until_ms = now_ms(), .progress = true};
    settings->since_ms = settings->until_ms - DAY_MS;
    options_parse(&program, argc, argv, rows);
    if (optind == argc) {
        report_error("no function given (see pt-logs --help)");
        exit(STATUS_USAGE);
    }
    if (settings->since_ms > settings->until_ms) {
        report_error("--since is later than --until");
        exit(STATUS_USAGE);
    }
}

/* ---- progress ---- */

static void show_progress(const struct run *run, const char *group, int64_t reached_ms) {
    if (!run->terminal)
        return;
    int64_t whole = run->settings.until_ms - run->settings.since_ms,
            done = reached_ms - run->settings.since_ms;
    double share = whole > 0 && done > 0 ? (double)done / (double)whole : 0;
    struct text line = TEXT_INIT;
    text_append_string(&line, "\r");
    text_append_safe(&line, group, strlen(group));
    text_append_format(&line, ": %lu events, %.0f %%\033[K", run->events, (share > 1 ? 1 : share) * 100);
    ssize_t ignored = write(STDERR_FILENO, line.bytes, line.length);
    (void)ignored;
    text_release(&line);
}

static void end_progress(const struct run *run) {
    static const char clear[] = "\r\033[K";
    if (!run->terminal)
        return;
    ssize_t ignored = write(STDERR_FILENO, clear, sizeof clear - 1);
    (void)ignored;
}

/* ---- events ---- */

/* A log group to fetch. `function` selects the events of one function in a shared log group; NULL: all
 * events. */
struct source {
    const char *group, *function;
};

/* True when the log stream `stream` (a JSON string token) of a shared log group belongs to another
 * function. */
static bool is_others(struct span stream, const char *function) {
    struct span name = stream.length > 2
                           ? log_stream_function((struct span){stream.start + 1, stream.length - 2})
                           : (struct span){NULL, 0};
    return name.start && !span_equals(name, function);
}

/* Writes the events of a page; returns the latest timestamp (ms since 1970). */
static int64_t write_events(struct run *run, const struct source *source, struct span events) {
    struct json_cursor cursor = json_cursor(events);
    struct span event, value;
    struct text line = TEXT_INIT;
    int64_t latest = 0;
    while (json_next_element(&cursor, &event)) {
        long long time = 0;
        bool stream = json_member(event, "logStreamName", &value);
        if (stream && source->function && is_others(value, source->function))
            continue;
        text_clear(&line);
        text_append_byte(&line, '{');
        /* pt-logparse takes the function from the first member that names one, so this comes before
         * logGroup. */
        if (source->function)
            json_put_string(&line, "functionName", source->function);
        json_put_string(&line, "logGroup", source->group);
        if (stream)
            json_put_value(&line, "logStreamName", value);
        if (json_member(event, "timestamp", &value) && json_whole_number(value, &time))
            json_put_value(&line, "timestamp", value);
        if (json_member(event, "message", &value))
            json_put_value(&line, "message", value);
        text_append_byte(&line, '}');
        output_line(&run->output, line.bytes, line.length);
        run->events++;
        latest = time > latest ? time : latest;
    }
    text_release(&line);
    return latest;
}

/* Fetches and writes all pages. False when a request failed; `response` has the error. */
static bool fetch_pages(struct run *run, struct aws_client *client, const struct logs_query *query,
                        const struct source *source, struct aws_response *response) {
    struct text token = TEXT_INIT, before = TEXT_INIT;
    struct span events;
    bool done, again = true;
    show_progress(run, query->group, query->start_ms);
    do {
        text_clear(&before);
        text_append(&before, text_string(&token), token.length);
        done = logs_filter_page(client, query, &token, response, &events);
        if (done) {
            int64_t reached = write_events(run, source, events);
            again = token.length && strcmp(text_string(&token), text_string(&before)) != 0;
            show_progress(run, query->group, reached);
        }
    } while (done && again && output_flush(&run->output));
    text_release(&token);
    text_release(&before);
    return done;
}

static int report_response(const char *group, const struct aws_response *response) {
    struct text words = TEXT_INIT;
    aws_describe(response, &words);
    report_error("cannot read the log group '%s': %s", group, text_string(&words));
    text_release(&words);
    return response->result == AWS_NO_CREDENTIALS ? STATUS_USAGE : STATUS_FAILED;
}

/* Fetches a log group; returns an exit status. If the group does not exist and `missing` is not NULL, appends
 * the error to `missing` instead of reporting it. */
static int fetch_group(struct run *run, const struct source *source, const char *region,
                       struct text *missing) {
    struct text problem = TEXT_INIT;
    struct aws_response response = AWS_RESPONSE_INIT;
    const struct logs_query query = {.group = source->group,
                                     .pattern = pattern,
                                     .start_ms = run->settings.since_ms,
                                     .end_ms = run->settings.until_ms};
    int status = STATUS_DONE;
    struct aws_client *client =
        aws_client_new(&run->session.settings, run->session.provider, "logs", region, &problem);
    if (!client) {
        report_error("%s", text_string(&problem));
        status = STATUS_USAGE;
    } else if (!fetch_pages(run, client, &query, source, &response)) {
        end_progress(run);
        status = STATUS_FAILED;
        if (missing && strcmp(text_string(&response.code), "ResourceNotFoundException") == 0)
            aws_describe(&response, missing);
        else
            status = report_response(source->group, &response);
    }
    aws_client_free(client);
    aws_response_release(&response);
    text_release(&problem);
    return status;
}

/* Appends the log group in the function's configuration to `group`. False when it is `default_group`, or when
 * the configuration cannot be read (permission to read logs does not include it). */
static bool find_group(struct run *run, const struct function_name *function, const char *region,
                       const char *default_group, struct text *group) {
    struct function_configuration configuration = {0};
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text problem = TEXT_INIT;
    struct span value;
    struct aws_client *client =
        aws_client_new(&run->session.settings, run->session.provider, "lambda", region, &problem);
    if (client)
        client->max_connects = 1;
    bool known = client &&
                 lambda_get_configuration(client, function->name, NULL, &configuration, &response) &&
                 *configuration.logging_config &&
                 json_member(span_of(configuration.logging_config), "LogGroup", &value) &&
                 json_type(value) == JSON_STRING;
    if (known)
        json_decode_string(value, group);
    function_configuration_release(&configuration);
    aws_client_free(client);
    aws_response_release(&response);
    text_release(&problem);
    return known && group->length && strcmp(text_string(group), default_group) != 0;
}

static int fetch_function(struct run *run, const struct function_name *function) {
    struct text default_group = TEXT_INIT, group = TEXT_INIT, missing = TEXT_INIT;
    const char *region = settings_region(&run->session.settings, function->region);
    text_append_format(&default_group, "/aws/lambda/%s", function->name);
    int status = fetch_group(run, &(struct source){default_group.bytes, NULL}, region, &missing);
    if (missing.length && find_group(run, function, region, default_group.bytes, &group))
        status = fetch_group(run, &(struct source){group.bytes, function->name}, region, NULL);
    else if (missing.length)
        report_error("cannot read the log group '%s': %s", default_group.bytes, missing.bytes);
    text_release(&missing);
    text_release(&default_group);
    text_release(&group);
    return status;
}

static int fetch(struct run *run, const char *name) {
    if (strchr(name, '/'))
        return fetch_group(run, &(struct source){name, NULL}, settings_region(&run->session.settings, NULL),
                           NULL);
    struct function_name function;
    struct text problem = TEXT_INIT;
    if (!function_name_parse(span_of(name), &function, &problem)) {
        report_error("%s", text_string(&problem));
        text_release(&problem);
        return STATUS_USAGE;
    }
    int status = fetch_function(run, &function);
    function_name_release(&function);
    return status;
}

/* Opens the session. Without a region in the settings, it takes the region of the ARN `first`. */
static bool open_session(struct run *run, const char *first) {
    struct function_name function = {0};
    struct text problem = TEXT_INIT, ignored = TEXT_INIT;
    bool parsed = !strchr(first, '/') && function_name_parse(span_of(first), &function, &ignored);
    bool opened =
        aws_session_open(&run->session, &run->settings.aws, parsed ? function.region : "", &problem);
    if (!opened)
        report_error("%s", text_string(&problem));
    if (parsed)
        function_name_release(&function);
    text_release(&problem);
    text_release(&ignored);
    return opened;
}

int main(int argc, char **argv) {
    struct run run = {0};
    int status = STATUS_DONE;
    diagnostics_program("pt-logs");
    parse_options(argc, argv, &run.settings);
    const char *term = getenv("TERM");
    run.terminal = run.settings.progress && isatty(STDERR_FILENO) && (!term || strcmp(term, "dumb") != 0);
    output_open(&run.output, STDOUT_FILENO);
    if (!open_session(&run, argv[optind]))
        return output_finish(&run.output, STATUS_USAGE);
    for (int i = optind; i < argc && !run.output.error; i++) {
        int one = fetch(&run, argv[i]);
        status = one > status ? one : status;
    }
    end_progress(&run);
    aws_session_close(&run.session);
    return output_finish(&run.output, status);
}
