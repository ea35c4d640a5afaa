/* pt-logparse: reads what Lambda logged: invocation records or stored logs in, measurement records out.
 *
 *     in   REPORT RequestId: 6d6fe7e6-... <TAB> Duration: 5.20 ms <TAB> Billed Duration: 6 ms <TAB> Memory
 * Size: 128 MB ... out
 * {"type":"measurement","power":128,"requestId":"6d6fe7e6-...","durationMs":5.20,"billedDurationMs":6,...}
 *
 * Records of other types pass unchanged. */
#include "tune/invocation.h"
#include "tune/measurement.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/lines.h"
#include "util/options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-logparse [option...] [FILE...]\n"
    "Turns invocation records and stored Lambda logs into measurement records.\n"
    "\n"
    "  --any-request-id           the last report of a log tail counts, whosever it is\n"
    "  --allowed-exceptions A,B   error types that count as a normal result\n"
    "  --help, --version\n"
    "\n"
    "Exit codes: 0 done; 1 failed; 2 bad usage or bad input.\n";

struct run {
    struct invocation_rules rules;
    bool allowed_by_option;
    struct output output;
    struct text problem;
    unsigned long bad, reports, lines;
};

static void parse_options(int argc, char **argv, struct run *run) {
    static const struct program program = {"pt-logparse", usage};
    static const struct option options[] = {{"any-request-id", no_argument, NULL, 'i'},
                                            {"allowed-exceptions", required_argument, NULL, 'x'},
                                            OPTIONS_STANDARD};
    for (int option; (option = options_next(&program, argc, argv, options)) != -1;)
        switch (option) {
        case 'i':
            run->rules.any_request_id = true;
            break;
        case 'x':
            invocation_rules_allow(&run->rules, optarg);
            run->allowed_by_option = true;
            break;
        default:
            break;
        }
}

static void emit(struct run *run, const struct report *report) {
    struct text line = TEXT_INIT;
    measurement_append(&line, report, &(struct origin){0});
    output_line(&run->output, line.bytes, line.length);
    text_release(&line);
    run->reports++;
}

static void one_record(struct run *run, struct line_reader *reader, struct span object, struct span type) {
    struct span allowed;
    if (!json_string_is(type, "invocation")) {
        if (json_string_is(type, "plan") && !run->allowed_by_option) {
            run->rules.errors_judged = true;
            if (json_member(object, "allowedExceptions", &allowed))
                invocation_rules_allow_json(&run->rules, allowed);
        }
        output_line(&run->output, object.start, object.length);
        return;
    }
    struct text line = TEXT_INIT;
    if (invocation_read(object, &run->rules, &line, &run->problem)) {
        output_line(&run->output, line.bytes, line.length);
    } else {
        report_error("%s:%lu: invocation record: %s", reader->name, reader->line, text_string(&run->problem));
        text_clear(&run->problem);
        run->bad++;
    }
    run->reports++;
    text_release(&line);
}

static void one_line(struct run *run, struct line_reader *reader, struct span line) {
    static const char cut[] = "{\"type\":\"invocation\"";
    struct span object, type;
    struct report report;
    enum report_result result;
    run->lines++;
    if (line.length > sizeof REPORTLINE_START &&
        memcmp(line.start, REPORTLINE_START, sizeof REPORTLINE_START - 1) == 0) {
        if (reportline_parse(line.start, line.start + line.length, &report) == REPORT_READ)
            emit(run, &report);
        return;
    }
    if (!line.length || line.start[0] != '{')
        return;
    if (!json_check(line, &object, NULL)) {
        if (line.length < sizeof cut || memcmp(line.start, cut, sizeof cut - 1) != 0)
            return;
        report_error("%s:%lu: invocation record: cut off in the middle", reader->name, reader->line);
        run->bad++;
    } else if (reportline_parse_json(object, &report, &result)) {
        if (result == REPORT_READ)
            emit(run, &report);
    } else if (json_member(object, "type", &type) && json_type(type) == JSON_STRING) {
        one_record(run, reader, object, type);
    }
}

static void read_stream(struct run *run, int fd, const char *name) {
    struct line_reader reader;
    struct span line;
    line_reader_open(&reader, fd, name);
    do {
        while (line_reader_buffered(&reader, &line))
            one_line(run, &reader, line);
        output_flush(&run->output);
    } while (line_reader_fill(&reader) || line_reader_ready(&reader));
    if (reader.error) {
        report_error("cannot read %s: %s", name, strerror(reader.error));
        run->bad++;
    }
    line_reader_close(&reader);
}

static void read_file(struct run *run, const char *path) {
    int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        report_error("cannot read '%s': %s", path, strerror(errno));
        run->bad++;
        return;
    }
    read_stream(run, fd, fd == STDIN_FILENO ? "standard input" : path);
    if (fd != STDIN_FILENO)
        close(fd);
}

int main(int argc, char **argv) {
    struct run run = {0};
    diagnostics_program("pt-logparse");
    parse_options(argc, argv, &run);
    output_open(&run.output, STDOUT_FILENO);
    if (optind == argc)
        read_file(&run, "-");
    for (int i = optind; i < argc; i++)
        read_file(&run, argv[i]);
    if (run.lines && !run.reports)
        report_warning("no REPORT in %lu lines", run.lines);
    text_release(&run.rules.allowed);
    text_release(&run.problem);
    return output_finish(&run.output, run.bad ? STATUS_USAGE : STATUS_DONE);
}
