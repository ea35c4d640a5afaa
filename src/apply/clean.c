#include "apply/clean.h"

#include "tune/marker.h"
#include "util/diagnostics.h"
#include "util/json.h"

#include <stdlib.h>
#include <string.h>

static bool is_code(const struct aws_response *response, const char *code) {
    return strcmp(text_string(&response->code), code) == 0;
}

/* When the response is lost, the request is sent again: version numbers are never reused, so deleting twice
 * does no harm. */
static bool delete_version(struct apply *apply, const char *version, struct text *problem) {
    struct aws_client *client = apply->session.lambda;
    struct aws_deadline deadline = aws_deadline_start(client);
    struct aws_response response = AWS_RESPONSE_INIT;
    bool deleted = false;
    for (bool again = true; again;) {
        deleted = lambda_delete_version(client, apply->plan.lambda_arn, version, &deadline, &response) ||
                  is_code(&response, "ResourceNotFoundException");
        bool conflict = is_code(&response, "ResourceConflictException") &&
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

/* Deletes all versions of the run once: `found` is how many there were, `left` how many could not be deleted.
 * False, reported, when the versions cannot be listed. */
static bool clean_once(struct apply *apply, size_t *found, size_t *left) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct version_list list;
    struct text problem = TEXT_INIT;
    const char *function = apply->plan.function_name;
    *found = *left = 0;
    bool listed = lambda_list_versions(apply->session.lambda, apply->plan.lambda_arn, &list, &response);
    if (!listed) {
        aws_describe(&response, &problem);
        report_error("%s: cannot list the versions: %s", function, text_string(&problem));
    }
    for (size_t i = 0; listed && i < list.count; i++) {
        const struct function_configuration *version = &list.versions[i];
        if (!is_whole_marker(version->description, apply->plan.run_id))
            continue;
        text_clear(&problem);
        (*found)++;
        if (clean_version(apply, version->version, &problem)) {
            if (apply->verbose)
                report_notice("%s: deleted version %s (%lld MB)", function, version->version,
                              version->memory_size);
        } else {
            (*left)++;
            report_error("%s: cannot delete version %s (%lld MB): %s", function, version->version,
                         version->memory_size, text_string(&problem));
        }
    }
    if (listed)
        version_list_release(&list);
    text_release(&problem);
    aws_response_release(&response);
    return listed;
}

int clean_versions(struct apply *apply) {
    bool unresolved = apply->journal.state.unresolved;
    size_t found = 0, left = 0;
    bool listed = clean_once(apply, &found, &left);
    if (listed && unresolved && !left) {
        latest_await_stragglers(apply);
        listed = clean_once(apply, &found, &left);
    }
    if (!listed || left)
        return STATUS_NOT_RESTORED;
    if (apply->journal.state.changed && !apply->journal.state.cleaned)
        journal_write(&apply->journal, "clean", "outcome", "");
    return STATUS_DONE;
}
