/* pt-logparse: turns Lambda logs into measurements. Reads invocation records or stored logs, writes
 * measurement records:
 *
 *     in   REPORT RequestId: 6d6fe7e6-...<TAB>Duration: 5.20 ms<TAB>Billed Duration: 6 ms<TAB>Memory Size:
 *     ... out  {"type":"measurement","power":128,"requestId":"6d6fe7e6-...","durationMs":5.20,...}
 *
 * Records of other types pass through unchanged. */
#include "logparse/examples.h"
#include "logparse/reader.h"
#include "tune/invocation.h"
#include "tune/plan-record.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/files.h"
#include "util/lines.h"
#include "util/options.h"

#include <unistd.h>

static const char usage[] =
    "usage: pt-logparse [option...] [FILE...]\n"
    "Turns invocation records and stored Lambda logs into measurement records. Logs may be text or\n"
    "JSON, in the formats of common tools, and compressed with gzip or zstd.\n";

static const char notes[] = "Exit codes: 0 done; 1 failed; 2 bad usage or bad input.\n";

/* The number of request ids that are remembered, to compare events of Lambda Insights and reports. */
enum { MAX_IDS = 8192 };

struct run {
    struct invocation_rules rules;
    bool allowed_by_option, distinct, count_duplicates, strict;
    const char *record; /* NULL: none */
    struct output output;
    struct seen seen;
    struct log_sink sink;
    struct log_deferred deferred;
    struct text problem;
    const char *input; /* name of the current input */
    bool several;      /* there are several inputs */
    unsigned long bad, failed, records, lines;
};

static void take_allowed(const struct option_row *row, char *argument) {
    struct run *run = row->target.any;
    allowed_add(&run->rules.allowed, argument);
    run->rules.errors_judged = true;
    run->allowed_by_option = true;
}

static void print_forms(const struct option_row *row, char *argument) {
    struct text forms = TEXT_INIT;
    (void)row;
    (void)argument;
    log_examples_append(&forms);
    options_print(&forms);
}

static void parse_options(int argc, char **argv, struct run *run) {
    static const struct program program = {"pt-logparse", usage, notes, -1};
    const struct option_row rows[] = {
        OPTION_FLAG("distinct", &run->distinct,
                    "count reports with the same request id and figures once (uses 16 to 48 bytes of memory "
                    "for each report)"),
        OPTION_FLAG("count-duplicates", &run->count_duplicates,
                    "with --distinct, print how many reports were left out"),
        OPTION_FLAG("strict", &run->strict, "exit with 1 if a report cannot be read"),
        OPTION_FLAG("any-request-id", &run->rules.any_request_id,
                    "use the last report of a log tail, whatever its request id"),
        OPTION_CALL("allowed-exceptions", "A,B", take_allowed, run,
                    "count these error types as a normal result"),
        OPTION_RECORD(&run->record),
        OPTION_CALL("forms", NULL, print_forms, NULL,
                    "print the forms of logs that are read, each with an example"),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
}

/* ---- records ---- */

static void read_plan(struct run *run, struct span object) {
    run->rules.logs_withheld = plan_member(object, "disablePayloadLogs", JSON_TRUE).start != NULL;
    if (run->allowed_by_option)
        return;
    run->rules.errors_judged = true;
    allowed_add_json(&run->rules.allowed, plan_member(object, "allowedExceptions", JSON_ARRAY));
}

static void one_record(void *context, struct span object, struct span type, unsigned long line) {
    struct run *run = context;
    run->records++;
    if (!json_string_is(type, "invocation")) {
        if (json_string_is(type, "plan"))
            read_plan(run, object);
        output_line(&run->output, object.start, object.length);
        return;
    }
    struct text record = TEXT_INIT;
    if (invocation_read(object, &run->rules, &record, &run->problem)) {
        output_line(&run->output, record.bytes, record.length);
    } else {
        report_error("%s:%lu: invocation record: %s", run->input, line, text_string(&run->problem));
        text_clear(&run->problem);
        run->bad++;
    }
    text_release(&record);
}

static void bad_record(void *context, const char *type, const char *why, unsigned long line) {
    struct run *run = context;
    report_error("%s:%lu: %s%s%s", run->input, line, type ? type : "", type ? " record: " : "", why);
    run->bad++;
}

/* ---- inputs ---- */

static void read_input(struct run *run, int fd, const char *name) {
    struct log_reader reader;
    run->input = name;
    log_reader_open(&reader, fd, name, &run->sink, &run->deferred);
    reader.record = one_record;
    reader.bad_record = bad_record;
    reader.record_context = run;
    run->failed += !log_reader_run(&reader);
    if (!run->sink.reports && !run->records)
        run->lines += log_reader_lines(&reader);
    log_reader_close(&reader);
}

static void read_file(struct run *run, const char *path) {
    const char *name;
    int fd = input_open(path, &name);
    if (fd < 0) {
        run->failed++;
        return;
    }
    read_input(run, fd, name);
    input_close(fd);
}

/* Reports what the notes of one kind are, `what`, and where the first is. */
static void report_notes(const struct run *run, enum log_note_kind kind, const char *what) {
    const struct log_note *note = &run->sink.notes[kind];
    report_error("%s; the first is at line %lu%s%s%s%s", what, note->line, run->several ? " of " : "",
                 run->several ? note->input : "", *note->reason ? ": " : "", note->reason);
}

static unsigned long noted(const struct run *run, enum log_note_kind kind) {
    return run->sink.notes[kind].count;
}

static bool nothing_read(const struct run *run) {
    return !run->sink.reports && !run->records && !run->bad && !run->failed;
}

/* Says what gave no measurement, and what was taken on less evidence. */
static void report_all_notes(struct run *run) {
    unsigned long unreadable = noted(run, NOTE_UNREADABLE), unmeasured = noted(run, NOTE_UNMEASURED),
                  quoted = noted(run, NOTE_QUOTED), alone = noted(run, NOTE_ALONE);
    struct text what = TEXT_INIT;
    if (unreadable) {
        text_append_format(&what, "%lu of %lu reports could not be read", unreadable,
                           run->sink.reports + unreadable);
        report_notes(run, NOTE_UNREADABLE, text_string(&what));
    }
    text_clear(&what);
    if (unmeasured) {
        text_append_format(&what, "%lu reports are no measurement", unmeasured);
        report_notes(run, NOTE_UNMEASURED, text_string(&what));
    }
    text_clear(&what);
    if (alone) {
        text_append_format(&what, "%lu reports were taken although only they have their prefix", alone);
        report_notes(run, NOTE_ALONE, text_string(&what));
    }
    text_clear(&what);
    if (quoted && !unreadable && !unmeasured && nothing_read(run)) {
        text_append_format(&what, "no REPORT of the platform in %lu lines, %lu in lines of the function",
                           run->lines, quoted);
        report_notes(run, NOTE_QUOTED, text_string(&what));
    }
    text_release(&what);
    if (run->count_duplicates && run->sink.doubled)
        report_notice("%lu reports occur more than once, and count once", run->sink.doubled);
    if (run->seen.full)
        report_warning("duplicates of reports after the first %d may count twice", MAX_SEEN);
    if (run->sink.uncompared)
        report_warning("%lu events of Lambda Insights may be doubled: there are over %d request ids",
                       run->sink.uncompared, MAX_IDS);
    if (!unreadable && !unmeasured && !quoted && run->lines && nothing_read(run))
        report_error("no REPORT in %lu lines", run->lines);
}

static int report_result(struct run *run) {
    unsigned long lost = noted(run, NOTE_UNREADABLE) + noted(run, NOTE_UNMEASURED);
    report_all_notes(run);
    if (run->bad)
        return STATUS_USAGE;
    bool none = lost && !run->sink.reports && !run->records;
    return run->failed || none || (run->strict && noted(run, NOTE_UNREADABLE)) ? STATUS_FAILED : STATUS_DONE;
}

int main(int argc, char **argv) {
    struct run run = {0};
    diagnostics_program("pt-logparse");
    parse_options(argc, argv, &run);
    output_open(&run.output, STDOUT_FILENO);
    output_record(&run.output, run.record);
    pipe_enlarge(STDIN_FILENO);
    pipe_enlarge(STDOUT_FILENO);
    run.sink = (struct log_sink){
        .output = &run.output, .seen = run.distinct ? &run.seen : NULL, .ids.limit = MAX_IDS};
    run.several = argc - optind > 1;
    if (optind == argc)
        read_file(&run, "-");
    for (int i = optind; i < argc; i++)
        read_file(&run, argv[i]);
    int status = report_result(&run);
    seen_close(&run.seen);
    log_sink_close(&run.sink);
    log_deferred_release(&run.deferred);
    allowed_close(&run.rules.allowed);
    text_release(&run.problem);
    return output_finish(&run.output, status);
}
