#include "apply/clean.h"

#include "tune/marker.h"
#include "util/diagnostics.h"
#include "util/json.h"

#include <stdlib.h>
#include <string.h>

/* When the response is lost, the request is sent again: version numbers are never reused, so deleting twice
 * does no harm. */
static bool delete_version(struct apply *apply, const char *version, struct text *problem) {
    struct aws_client *client = apply->session.lambda;
    struct aws_deadline deadline = aws_deadline_start(client);
    struct aws_response response = AWS_RESPONSE_INIT;
    bool deleted = false;
    for (bool again = true; again;) {
        deleted = lambda_delete_version(client, apply->plan.lambda_arn, version, &deadline, &response) ||
                  aws_has_code(&response, "ResourceNotFoundException");
        bool conflict = aws_has_code(&response, "ResourceConflictException") &&
                        !strstr(text_string(&response.message), "alias");
        again =
            !deleted && (response.result == AWS_LOST || conflict) && aws_wait_to_retry(client, &deadline, 0);
    }
    if (!deleted)
        aws_describe(&response, problem);
    aws_response_release(&response);
    return deleted;
}

/* Adds the aliases that point at the version to the message; nothing when they cannot be read. */
static void name_aliases(struct apply *apply, const char *version, struct text *problem) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct alias_list list;
    if (lambda_list_aliases(apply->session.lambda, apply->plan.lambda_arn, version, &list, &response)) {
        for (size_t i = 0; i < list.count; i++)
            text_append_format(problem, "%s %s", i ? "," : "; used by the alias", list.aliases[i].name);
        alias_list_release(&list);
    }
    aws_response_release(&response);
}

bool clean_version(struct apply *apply, const char *version, struct text *problem) {
    struct text members = TEXT_INIT;
    json_put_string(&members, "version", version);
    /* Cleaning continues without a journal: the descriptions of the versions show which to delete. */
    journal_write(&apply->journal, "delete", "intent", members.bytes);
    bool deleted = delete_version(apply, version, problem);
    if (deleted)
        journal_write(&apply->journal, "delete", "outcome", members.bytes);
    else
        name_aliases(apply, version, problem);
    text_release(&members);
    return deleted;
}

bool clean_listed(struct apply *apply, const struct version_list *list, version_filter *is_wanted,
                  bool tell) {
    struct text problem = TEXT_INIT;
    const char *function = apply->plan.function_name;
    bool done = true;
    for (size_t i = 0; i < list->count; i++) {
        const struct function_configuration *version = &list->versions[i];
        if (!is_wanted(apply, version))
            continue;
        text_clear(&problem);
        if (!clean_version(apply, version->version, &problem)) {
            report_error("%s: cannot delete version %s (%lld MB): %s", function, version->version,
                         version->memory_size, text_string(&problem));
            done = false;
        } else if (tell) {
            report_notice("%s: deleted version %s (%lld MB)", function, version->version,
                          version->memory_size);
        }
    }
    text_release(&problem);
    return done;
}

bool clean_selected(struct apply *apply, version_filter *is_wanted) {
    struct version_list list;
    struct text problem = TEXT_INIT;
    bool done = versions_read(apply, &list, &problem);
    if (!done)
        report_error("%s: cannot list the versions: %s", apply->plan.function_name, text_string(&problem));
    done = clean_listed(apply, &list, is_wanted, apply->verbose) && done;
    version_list_release(&list);
    text_release(&problem);
    return done;
}

static bool is_of_run(const struct apply *apply, const struct function_configuration *version) {
    return is_whole_marker(version->description, apply->plan.run_id);
}

int clean_versions(struct apply *apply) {
    bool unresolved = apply->journal.state.unresolved;
    bool done = clean_selected(apply, is_of_run);
    if (done && unresolved) {
        latest_await_stragglers(apply);
        done = clean_selected(apply, is_of_run);
    }
    if (!done)
        return STATUS_NOT_RESTORED;
    if (apply->journal.state.changed && !apply->journal.state.cleaned)
        journal_write(&apply->journal, "clean", "outcome", "");
    return STATUS_DONE;
}
