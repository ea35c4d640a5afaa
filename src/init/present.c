#include "init/present.h"

#include "aws/lambda/lambda.h"
#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

void present_release(struct present *present) {
    free(present->alias);
    for (size_t i = 0; i < present->count; i++)
        free(present->versions[i].version);
    *present = (struct present){0};
}

/* Reads the version that `qualifier` stands for and adds it. */
static bool add_version(struct aws_session *session, const char *function, const char *qualifier,
                        double weight, struct present *present, struct text *problems) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct function_configuration named = {0};
    bool read = lambda_get_configuration(session->lambda, function, qualifier, &named, &response);
    if (read) {
        present->versions[present->count++] =
            (struct present_version){memory_copy_string(named.version), named.memory_size, weight};
    } else {
        text_append_format(problems, "%s: ", qualifier);
        aws_describe(&response, problems);
        text_append_byte(problems, '\n');
    }
    function_configuration_release(&named);
    aws_response_release(&response);
    return read;
}

/* Adds both versions of an alias with a routing configuration, the one with the larger share first. */
static bool add_routed(struct aws_session *session, const char *function, const struct alias *alias,
                       struct present *present, struct text *problems) {
    double additional = alias->additional_weight;
    if (additional > 0.5)
        return add_version(session, function, alias->additional_version, additional, present, problems) &&
               add_version(session, function, alias->function_version, 1 - additional, present, problems);
    return add_version(session, function, alias->function_version, 1 - additional, present, problems) &&
           add_version(session, function, alias->additional_version, additional, present, problems);
}

/* True when the alias `name` exists and has a routing configuration; it is copied to `routed`. */
static bool find_routed(struct aws_session *session, const char *function, const char *name,
                        struct alias *routed) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct alias_list aliases;
    bool found = false;
    lambda_list_aliases(session->lambda, function, NULL, &aliases, &response);
    for (size_t i = 0; i < aliases.count && !found; i++)
        if (strcmp(aliases.aliases[i].name, name) == 0 && aliases.aliases[i].additional_version) {
            *routed = aliases.aliases[i];
            aliases.aliases[i] = (struct alias){0};
            found = true;
        }
    alias_list_release(&aliases);
    aws_response_release(&response);
    return found;
}

/* The versions of an alias that is to be optimized; none when it does not exist yet. */
static bool find_optimized(struct aws_session *session, const char *function, struct span token,
                           struct present *present, struct text *problems) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct alias alias = {0};
    struct text name = TEXT_INIT;
    json_decode_string(token, &name);
    bool found = lambda_get_alias(session->lambda, function, name.bytes, &alias, &response);
    if (found)
        present->alias = memory_copy(name.bytes, name.length);
    bool read = !found || add_version(session, function, alias.function_version, 1, present, problems);
    alias_release(&alias);
    aws_response_release(&response);
    text_release(&name);
    return read;
}

bool present_find(struct aws_session *session, const char *function, const char *qualifier,
                  const struct tuning_input *input, struct present *present, struct text *problems) {
    struct alias routed = {0};
    *present = (struct present){0};
    if (input->auto_optimize && input->auto_optimize_alias.start)
        return find_optimized(session, function, input->auto_optimize_alias, present, problems);
    if (!*qualifier || strcmp(qualifier, "$LATEST") == 0)
        return true;
    if (qualifier[strspn(qualifier, "0123456789")])
        present->alias = memory_copy_string(qualifier);
    bool read = present->alias && find_routed(session, function, qualifier, &routed)
                    ? add_routed(session, function, &routed, present, problems)
                    : add_version(session, function, qualifier, 1, present, problems);
    alias_release(&routed);
    return read;
}

void present_describe(const struct present *present, struct text *out) {
    if (present->alias)
        text_append_format(out, "alias %s: ", present->alias);
    for (size_t i = 0; i < present->count; i++) {
        const struct present_version *version = &present->versions[i];
        text_append_string(out, i ? ", " : "");
        if (present->count > 1)
            text_append_format(out, "%.4g %% ", 100 * version->weight);
        text_append_format(out, "version %s (%lld MB)", version->version, version->memory_size);
    }
}

void present_put(const struct present *present, struct text *out) {
    if (!present->count)
        return;
    json_put_number(out, "presentPower", (double)present->versions[0].memory_size);
    json_put_string(out, "presentVersion", present->versions[0].version);
    json_put_string(out, "presentAlias", present->alias);
    if (present->count < 2)
        return;
    json_put_name(out, "presentRouting");
    text_append_byte(out, '[');
    for (size_t i = 0; i < present->count; i++) {
        json_separate(out);
        text_append_byte(out, '{');
        json_put_string(out, "version", present->versions[i].version);
        json_put_number(out, "power", (double)present->versions[i].memory_size);
        json_put_number(out, "weight", present->versions[i].weight);
        text_append_byte(out, '}');
    }
    text_append_byte(out, ']');
}
