/* pt-apply: makes all changes to the function that is tuned.
 *
 * publish: in, the plan and the configurations:
 *
 *     {"type":"configuration","power":512,"num":20}
 *
 * Out, the same records with the published versions:
 *
 *     {"type":"configuration","power":512,"num":20,"version":"7","revisionId":"..."}
 *
 * restore gives $LATEST the values that it had before. clean deletes the versions of the run. optimize sets
 * $LATEST (and an alias) to the chosen memory size. These three read only the plan from their input. */
#include "apply/clean.h"
#include "apply/discard.h"
#include "apply/latest.h"
#include "apply/optimize.h"
#include "apply/publish.h"
#include "apply/restore.h"
#include "apply/sweep.h"
#include "aws/arn.h"
#include "tune/input.h"
#include "tune/plan.h"
#include "tune/record.h"
#include "util/diagnostics.h"
#include "util/lines.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/words.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: pt-apply publish  [OPTION...] [RECORDS | -]\n"
    "       pt-apply discard  [OPTION...] [RECORDS | -]\n"
    "       pt-apply restore  [OPTION...] [RECORDS | -]\n"
    "       pt-apply clean    [OPTION...] [RECORDS | -]\n"
    "       pt-apply optimize --power MB [OPTION...] [RECORDS | -]\n"
    "       pt-apply sweep    --function NAME|ARN [--force] [OPTION...]\n"
    "\n"
    "Changes the function that the plan in RECORDS names.\n"
    "  publish   publish a version for each configuration, add its number to the record, and restore\n"
    "            $LATEST at the end\n"
    "  discard   copy the records of pt-invoke, and delete each version of a run with onlyColdStarts as\n"
    "            soon as it was measured\n"
    "  restore   restore the values that $LATEST had before the run, where the run changed them\n"
    "  clean     delete the versions of the run, which have its marker in their description\n"
    "  optimize  set $LATEST to the memory size; with autoOptimizeAlias, publish a version for the alias\n"
    "  sweep     without a plan: restore the function and delete the versions of all runs, found by\n"
    "            their markers\n";

static const char notes[] =
    "exit codes: 0 done; 1 failed, and the function is restored; 2 bad usage or input, nothing was changed;\n"
    "            3 something could not be restored; 128+N ended by signal N, after restoring\n";

enum verb { VERB_PUBLISH, VERB_DISCARD, VERB_RESTORE, VERB_CLEAN, VERB_OPTIMIZE, VERB_SWEEP };

struct options {
    struct aws_options aws;
    enum verb verb;
    const char *run_dir; /* NULL: none */
    const char *record;  /* NULL: none */
    const char *file;
    const char *function; /* NULL: the plan's */
    long long memory_mb;
    bool verbose, force;
};

/* The signal that asks the program to stop. Global, because a signal handler has no other access to it. */
static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
    stopped = signal_number;
}

/* After a signal the current request is finished: a change must not be interrupted half way. */
static void catch_signals(void) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = stop};
    struct sigaction before;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaction(signals[i], NULL, &before);
        if (before.sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
    signal(
        SIGPIPE,
        SIG_IGN); /* when the reader closes the pipe, writing fails, and the program restores $LATEST first */
}

static enum verb parse_verb(const char *word) {
    static const char verbs[] = "publish|discard|restore|clean|optimize|sweep";
    struct text words = TEXT_INIT;
    int index = word ? choice_index(word, verbs) : -1;
    if (index >= 0)
        return (enum verb)index;
    choices_append(&words, verbs);
    if (word)
        report_error("'%s' is not %s", word, text_string(&words));
    else
        report_error("no command: expected %s", text_string(&words));
    exit(STATUS_USAGE);
}

static struct options parse_options(int argc, char **argv) {
    static const struct program program = {"pt-apply", usage, notes, 2};
    struct options options = {0};
    const struct option_row rows[] = {
        OPTION_STRING("run-dir", "DIR", &options.run_dir,
                      "keep the journal of all changes in DIR/journal.ndjson"),
        OPTION_RECORD(&options.record),
        OPTION_WHOLE("power", "MB", &options.memory_mb, MIN_MEMORY_MB, MAX_MEMORY_MB,
                     "memory size for optimize"),
        OPTION_STRING("function", "NAME", &options.function, "function for sweep"),
        OPTION_FLAG("force", &options.force,
                    "sweep without asking whether a run is in progress on another machine"),
        OPTION_FLAG("verbose", &options.verbose, "report each restored setting and deleted version"),
        OPTION_PARENT,
        AWS_OPTIONS(&options.aws),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
    options.verb = parse_verb(argv[optind]);
    options.file = argc > optind + 1 ? argv[optind + 1] : "-";
    if (options.verb == VERB_OPTIMIZE && !options.memory_mb) {
        report_error("optimize needs --power");
        exit(STATUS_USAGE);
    }
    if (options.verb == VERB_SWEEP && !options.function) {
        report_error("sweep needs --function");
        exit(STATUS_USAGE);
    }
    return options;
}

/* Makes a plan that names the function only, for sweep. False, reported, when the name is not valid. */
static bool name_function(const char *function, struct plan *plan) {
    struct function_name name;
    struct text problem = TEXT_INIT, identifier = TEXT_INIT;
    bool valid = function_name_parse(span_of(function), &name, &problem);
    if (valid) {
        function_name_identifier(&name, &identifier);
        *plan = (struct plan){.lambda_arn = identifier.bytes,
                              .function_name = memory_copy_string(name.name),
                              .region = memory_copy_string(name.region)};
        function_name_release(&name);
    } else {
        report_error("--function: %s", problem.bytes);
    }
    text_release(&problem);
    return valid;
}

static bool open_journal(struct apply *apply, const struct options *options) {
    struct text problem = TEXT_INIT;
    bool opened = !options->run_dir || journal_open(&apply->journal, options->run_dir, &problem);
    if (!opened)
        report_error("%s", problem.bytes);
    text_release(&problem);
    /* Restoring works without a journal, because the function itself shows what is left. Changing does
     * not. */
    return opened || options->verb == VERB_RESTORE || options->verb == VERB_CLEAN;
}

static bool open_session(struct apply *apply, const struct options *options) {
    struct text problem = TEXT_INIT;
    struct aws_options aws = options->aws;
    if (!aws.region && *apply->plan.region)
        aws.region = apply->plan.region;
    bool opened = aws_session_open(&apply->session, &aws, apply->plan.region, &problem);
    if (!opened)
        report_error("%s", problem.bytes);
    text_release(&problem);
    return opened;
}

static int publish(struct apply *apply, struct record_reader *reader, const struct record *plan,
                   struct output *output) {
    output_line(output, plan->object.start, plan->object.length);
    int status =
        output_flush(output) ? publish_configurations(apply, reader, output, &stopped) : STATUS_FAILED;
    int restored = apply->journal.state.changed ? restore_latest(apply) : STATUS_DONE;
    return restored > status ? restored : status;
}

static int restore(struct apply *apply) {
    if (apply->journal.state.optimized)
        return STATUS_DONE;
    int recovered = optimize_recover(apply);
    if (apply->journal.state.optimized)
        return recovered;
    int restored = restore_latest(apply);
    return restored > recovered ? restored : recovered;
}

static int apply_verb(struct apply *apply, const struct options *options, struct record_reader *reader,
                      struct output *output) {
    struct record record;
    /* Payloads are for publish only, which wakes an inactive function with one: when a run is recovered, the
     * payload files are gone. */
    bool planned = options->verb == VERB_SWEEP
                       ? name_function(options->function, &apply->plan)
                       : plan_read_first(reader, options->verb == VERB_PUBLISH, &apply->plan, &record);
    if (!planned || !open_journal(apply, options))
        return STATUS_USAGE;
    if (!open_session(apply, options))
        return STATUS_USAGE;
    int status = STATUS_DONE;
    switch (options->verb) {
    case VERB_PUBLISH:
        status = publish(apply, reader, &record, output);
        break;
    case VERB_DISCARD:
        output_line(output, record.object.start, record.object.length);
        status = discard_versions(apply, reader, output);
        break;
    case VERB_RESTORE:
        status = restore(apply);
        break;
    case VERB_CLEAN:
        status = clean_versions(apply);
        break;
    case VERB_OPTIMIZE:
        status = optimize_function(apply, options->memory_mb);
        break;
    case VERB_SWEEP:
        status = sweep_function(apply, options->force);
        break;
    }
    aws_session_close(&apply->session);
    return status;
}

static void release(struct apply *apply) {
    plan_release(&apply->plan);
    journal_close(&apply->journal);
    function_configuration_release(&apply->latest);
    function_configuration_release(&apply->expected);
}

int main(int argc, char **argv) {
    struct record_reader reader;
    struct output output;
    struct apply apply = {.journal = JOURNAL_INIT};
    diagnostics_program("pt-apply");
    umask(S_IRWXG | S_IRWXO);
    struct options options = parse_options(argc, argv);
    if (!record_reader_open(&reader, options.file))
        return STATUS_USAGE;
    apply.verbose = options.verbose;
    catch_signals();
    output_open(&output, STDOUT_FILENO);
    output_record(&output, options.record);
    int status = apply_verb(&apply, &options, &reader, &output);
    record_reader_close(&reader);
    release(&apply);
    status = output_finish(&output, status);
    if (stopped && status != STATUS_NOT_RESTORED) {
        signal(stopped, SIG_DFL);
        raise(stopped);
    }
    return status;
}
