#include "apply/sweep.h"

#include "apply/clean.h"
#include "apply/restore.h"
#include "tune/marker.h"
#include "util/diagnostics.h"
#include "util/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What earlier runs have left on the function. */
struct remains {
    struct version_list versions;
    size_t count;       /* how many versions have a marker */
    struct text newest; /* the id of the newest run */
    bool marked;        /* $LATEST's description begins with a marker */
};

static void take_newer(struct remains *remains, const char *description) {
    struct text id = TEXT_INIT;
    marker_run_id(description, &id); /* it begins with the time, so newer ids compare greater */
    if (strcmp(text_string(&id), text_string(&remains->newest)) > 0) {
        text_clear(&remains->newest);
        text_append_string(&remains->newest, text_string(&id));
    }
    text_release(&id);
}

static bool find_remains(struct apply *apply, struct remains *remains, struct text *problem) {
    bool listed = latest_read(apply, problem) && versions_read(apply, &remains->versions, problem);
    remains->marked = listed && is_marker(apply->latest.description, NULL);
    if (remains->marked)
        take_newer(remains, apply->latest.description);
    for (size_t i = 0; listed && i < remains->versions.count; i++)
        if (is_whole_marker(remains->versions.versions[i].description, NULL)) {
            remains->count++;
            take_newer(remains, remains->versions.versions[i].description);
        }
    return listed;
}

/* Reports what was found. True with `force`, or when the user agrees. */
static bool may_sweep(const struct apply *apply, const struct remains *remains, bool force) {
    struct text age = TEXT_INIT;
    char response[8] = "";
    marker_age(text_string(&remains->newest), time(NULL), &age);
    report_notice("%s: found %zu versions of this tool; the newest run began %s", apply->plan.function_name,
                  remains->count, age.bytes);
    text_release(&age);
    if (force)
        return true;
    if (!isatty(STDIN_FILENO)) {
        report_error("%s: a run may be in progress on another machine; if not, use --force",
                     apply->plan.function_name);
        return false;
    }
    fprintf(stderr, "Delete them? A run on another machine may still need them. [y/N] ");
    return fgets(response, sizeof response, stdin) && (*response == 'y' || *response == 'Y');
}

static bool is_marked(const struct apply *apply, const struct function_configuration *version) {
    (void)apply;
    return is_whole_marker(version->description, NULL);
}

/* Reconstructs the plan of the run that left $LATEST with a trial size, from the description of $LATEST. */
static void plan_from_trial(struct plan *plan, const struct trial *trial) {
    struct text level = TEXT_INIT;
    plan->run_id = memory_copy_string(trial->run_id);
    plan->memory_size = trial->memory_size;
    plan->timeout = trial->timeout;
    plan->trial_timeout = trial->trial_timeout;
    plan->description = memory_copy_string(trial->description);
    plan->memory_sizes = memory_zeroed(1, sizeof *plan->memory_sizes);
    plan->memory_sizes[0] = trial->memory_mb;
    plan->memory_size_count = 1;
    if (*trial->log_level)
        text_append_format(&level, "{\"SystemLogLevel\":\"%s\"}", trial->log_level);
    plan->logging_config = memory_copy_string(text_string(&level));
    plan->trial_logging_config = memory_copy_string(text_string(&level));
    plan->code_sha256 = memory_copy_string("");
    plan->configuration_sha256 = memory_copy_string("");
    text_release(&level);
}

/* Restores $LATEST to the settings that its description contains. */
static int restore_from_description(struct apply *apply) {
    struct trial trial;
    const char *function = apply->plan.function_name;
    if (!marker_read(apply->latest.description, &trial)) {
        report_error("%s: cannot restore $LATEST: its description was changed in the meantime: '%s'",
                     function, apply->latest.description);
        return STATUS_NOT_RESTORED;
    }
    plan_from_trial(&apply->plan, &trial);
    int status = restore_latest(apply);
    if (status == STATUS_DONE)
        report_notice("%s: restored $LATEST: %lld MB, timeout %lld s", function, apply->latest.memory_size,
                      apply->latest.timeout);
    if (status == STATUS_DONE && trial.cut) {
        report_error("%s: the description was too long to be restored completely; it now ends at: '%s'",
                     function, trial.description);
        status = STATUS_NOT_RESTORED;
    }
    trial_release(&trial);
    return status;
}

int sweep_function(struct apply *apply, bool force) {
    struct remains remains = {.newest = TEXT_INIT};
    struct text problem = TEXT_INIT;
    int status = STATUS_DONE;
    if (!find_remains(apply, &remains, &problem)) {
        report_error("%s: %s", apply->plan.function_name, text_string(&problem));
        status = STATUS_USAGE;
    } else if (!remains.count && !remains.marked) {
        report_notice(
            "%s: nothing to restore: no version has a marker, and $LATEST has no trial size (%lld MB)",
            apply->plan.function_name, apply->latest.memory_size);
    } else if (!may_sweep(apply, &remains, force)) {
        status = STATUS_USAGE;
    } else {
        int restored = remains.marked ? restore_from_description(apply) : STATUS_DONE;
        status = clean_listed(apply, &remains.versions, is_marked, true) ? restored : STATUS_NOT_RESTORED;
    }
    version_list_release(&remains.versions);
    text_release(&remains.newest);
    text_release(&problem);
    return status;
}
