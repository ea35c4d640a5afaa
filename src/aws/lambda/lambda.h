/* The operations of Lambda that tuning needs, one function each, with their answers as structs.
 *
 * Source of paths, members and errors: Lambda's service model (API version 2015-03-31; concurrency
 * 2019-09-30, account settings 2016-08-19). Each function makes the call, with the tries that aws/client.h
 * describes, and leaves the raw answer, or the error, in `response`. `function` is what requests call it: a
 * name or an ARN (aws/arn.h). Environment variables, which Lambda returns with a configuration, are dropped
 * as the answer is read and reach no caller. */
#ifndef AWS_LAMBDA_LAMBDA_H
#define AWS_LAMBDA_LAMBDA_H

#include "aws/client.h"

#include <stdbool.h>
#include <stddef.h>

/* Of $LATEST, or of a version. Strings are owned, "" where the answer has none. */
struct function_configuration {
    char *function_name;
    char *function_arn;
    char *version;
    char *description;
    char *revision_id;
    char *code_sha256;
    char *last_modified;
    char *runtime;
    char *package_type;
    char *architecture; /* "x86_64" or "arm64" */
    char *state;        /* "Active", "Pending", "Inactive", "Failed", ... */
    char *state_reason;
    char *state_reason_code;
    char *last_update_status; /* "Successful", "InProgress", "Failed" */
    char *last_update_status_reason;
    char *last_update_status_reason_code;
    char *log_format;               /* "Text" or "JSON" */
    char *system_log_level;         /* of JSON logs: "DEBUG", "INFO", "WARN" */
    char *logging_config;           /* the whole LoggingConfig as JSON; "" when there is none */
    char *snapstart;                /* ApplyOn: "None" or "PublishedVersions" */
    char *master_arn;               /* of Lambda@Edge replicas: the function they are of */
    char *comparable;               /* SHA-256 of the code and the settings that tuning never changes */
    long long memory_size;          /* MB */
    long long timeout;              /* s */
    long long code_size;            /* bytes */
    long long reserved_concurrency; /* from GetFunction; -1 when none is set or it was not asked for */
    bool has_capacity_provider, is_durable, has_tenancy;
};

void function_configuration_release(struct function_configuration *configuration);

/* GetFunctionConfiguration; `qualifier` NULL or "" is $LATEST. */
bool lambda_get_configuration(struct aws_client *client, const char *function, const char *qualifier,
                              struct function_configuration *configuration, struct aws_response *response);

/* GetFunction: the same with reserved_concurrency. It has a limit of its own of 100 calls a second, so it is
 * what waiting uses. */
bool lambda_get_function(struct aws_client *client, const char *function, const char *qualifier,
                         struct function_configuration *configuration, struct aws_response *response);

/* Of what is about to be changed: members that are not to be changed are -1 or NULL. */
struct function_change {
    long long memory_size;
    long long timeout;
    const char *description;
    const char *logging_config; /* JSON */
    const char *revision_id;    /* the change is made only if $LATEST has it still; NULL: unconditionally */
};
#define FUNCTION_CHANGE_INIT                                                                                 \
    { -1, -1, NULL, NULL, NULL }

/* UpdateFunctionConfiguration. */
bool lambda_update_configuration(struct aws_client *client, const char *function,
                                 const struct function_change *change, struct aws_deadline *deadline,
                                 struct function_configuration *configuration, struct aws_response *response);

/* PublishVersion, only if $LATEST has `revision_id` and `code_sha256` still (NULL: whatever it has). The
 * answer may be an older version, when nothing has changed since it was published. */
bool lambda_publish_version(struct aws_client *client, const char *function, const char *description,
                            const char *revision_id, const char *code_sha256, struct aws_deadline *deadline,
                            struct function_configuration *version, struct aws_response *response);

/* DeleteFunction of one version. `version` must be the number of a version ([1-9][0-9]*): anything else ends
 * the program before a request is built, because without a version the whole function would be deleted. */
bool lambda_delete_version(struct aws_client *client, const char *function, const char *version,
                           struct aws_deadline *deadline, struct aws_response *response);

/* ListVersionsByFunction, all pages, $LATEST left out; oldest first. */
struct version_list {
    struct function_configuration *versions;
    size_t count;
};
bool lambda_list_versions(struct aws_client *client, const char *function, struct version_list *list,
                          struct aws_response *response);
void version_list_release(struct version_list *list);

/* ListFunctions, all pages: $LATEST of each function of the account in the client's region. */
bool lambda_list_functions(struct aws_client *client, struct version_list *list,
                           struct aws_response *response);

struct alias {
    char *name;
    char *function_version;
    char *description;
    char *revision_id;
    bool has_routing; /* part of its invocations goes to another version */
};
void alias_release(struct alias *alias);

/* GetAlias, CreateAlias, UpdateAlias (only its version; `revision_id` NULL: unconditionally). */
bool lambda_get_alias(struct aws_client *client, const char *function, const char *name, struct alias *alias,
                      struct aws_response *response);
bool lambda_create_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, struct aws_deadline *deadline, struct alias *alias,
                         struct aws_response *response);
bool lambda_update_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, const char *revision_id, struct aws_deadline *deadline,
                         struct alias *alias, struct aws_response *response);

/* ListAliases that point at `version` (NULL: all). */
struct alias_list {
    struct alias *aliases;
    size_t count;
};
bool lambda_list_aliases(struct aws_client *client, const char *function, const char *version,
                         struct alias_list *list, struct aws_response *response);
void alias_list_release(struct alias_list *list);

/* GetAccountSettings. */
struct account_settings {
    long long concurrent_executions;            /* of the account in the region */
    long long unreserved_concurrent_executions; /* of them, what no function has reserved */
    long long total_code_size;                  /* limit, bytes */
    long long used_code_size;                   /* bytes */
};
bool lambda_get_account_settings(struct aws_client *client, struct account_settings *settings,
                                 struct aws_response *response);

/* Invoke with the InvocationType DryRun: true when an invocation would be permitted. Nothing runs. */
bool lambda_dry_run(struct aws_client *client, const char *function, const char *qualifier,
                    struct aws_response *response);

/* The path of Invoke; `query` gets the qualifier ("" when it is ""). Both are appended. */
void lambda_invoke_path(const char *function, const char *qualifier, struct text *path, struct text *query);

/* The same of GetFunction. */
void lambda_function_path(const char *function, const char *qualifier, struct text *path, struct text *query);

#endif
