/* The operations of Lambda that tuning needs: one function for each, with the response as a struct.
 *
 * Source of paths, members and errors: Lambda's service model (API version 2015-03-31; concurrency
 * 2019-09-30, account settings 2016-08-19). Each function sends the request, retries as described in
 * aws/client.h, and leaves the response or the error in `response`. True on success. A configuration or alias
 * must be zeroed ({0}) before its first use: success replaces its content, failure leaves it unchanged. A
 * list needs no initialisation; after failure it is empty. `function` is the function's name or ARN for
 * requests (function_name_identifier in aws/arn.h). Environment variables, which Lambda returns with a
 * configuration, are removed while the response is read and never reach the caller. */
#ifndef AWS_LAMBDA_LAMBDA_H
#define AWS_LAMBDA_LAMBDA_H

#include "aws/client.h"

#include <stdbool.h>
#include <stddef.h>

/* The configuration of $LATEST or of a version. Strings are owned; a string that the response lacks is "". */
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
    char *system_log_level;         /* log level of JSON logs: "DEBUG", "INFO", "WARN" */
    char *logging_config;           /* the whole LoggingConfig as JSON; "" when the response has none */
    char *snapstart;                /* ApplyOn: "None" or "PublishedVersions" */
    char *master_arn;               /* for a Lambda@Edge replica: its original function */
    char *comparable;               /* SHA-256 of the code and the settings that tuning never changes */
    long long memory_size;          /* MB */
    long long timeout;              /* s */
    long long code_size;            /* bytes */
    long long reserved_concurrency; /* from GetFunction; -1 when it is not set or was not requested */
    bool has_capacity_provider, is_durable, has_tenancy;
};

void function_configuration_release(struct function_configuration *configuration);

/* GetFunctionConfiguration. `qualifier` NULL or "" means $LATEST. */
bool lambda_get_configuration(struct aws_client *client, const char *function, const char *qualifier,
                              struct function_configuration *configuration, struct aws_response *response);

/* GetFunction: like GetFunctionConfiguration, with reserved_concurrency. It has its own limit of 100 requests
 * a second, so waiting loops use it. */
bool lambda_get_function(struct aws_client *client, const char *function, const char *qualifier,
                         struct function_configuration *configuration, struct aws_response *response);

/* The changes to a configuration. Members that stay as they are must be -1 or NULL. */
struct function_change {
    long long memory_size;
    long long timeout;
    const char *description;
    const char *logging_config; /* JSON */
    const char *revision_id;    /* change only if $LATEST still has this revision; NULL: unconditionally */
};
#define FUNCTION_CHANGE_INIT                                                                                 \
    { -1, -1, NULL, NULL, NULL }

/* UpdateFunctionConfiguration. */
bool lambda_update_configuration(struct aws_client *client, const char *function,
                                 const struct function_change *change, struct aws_deadline *deadline,
                                 struct function_configuration *configuration, struct aws_response *response);

/* PublishVersion, only if $LATEST still has `revision_id` and `code_sha256` (NULL: unconditionally). When
 * nothing has changed since the last version was published, the response is that version. */
bool lambda_publish_version(struct aws_client *client, const char *function, const char *description,
                            const char *revision_id, const char *code_sha256, struct aws_deadline *deadline,
                            struct function_configuration *version, struct aws_response *response);

/* DeleteFunction for one version. `version` must be a version's number ([1-9][0-9]*): anything else ends the
 * program before a request is built, because without a version the whole function would be deleted. */
bool lambda_delete_version(struct aws_client *client, const char *function, const char *version,
                           struct aws_deadline *deadline, struct aws_response *response);

/* ListVersionsByFunction: all pages, without $LATEST, oldest first. */
struct version_list {
    struct function_configuration *versions;
    size_t count, capacity;
};
bool lambda_list_versions(struct aws_client *client, const char *function, struct version_list *list,
                          struct aws_response *response);
void version_list_release(struct version_list *list);

/* ListFunctions: all pages; $LATEST of each of the account's functions in the client's region. */
bool lambda_list_functions(struct aws_client *client, struct version_list *list,
                           struct aws_response *response);

struct alias {
    char *name;
    char *function_version;
    char *description;
    char *revision_id;
    char *additional_version; /* to which a part of the alias's invocations goes; NULL: none */
    double additional_weight; /* that part, 0 to 1 */
};
void alias_release(struct alias *alias);

/* GetAlias, CreateAlias, and UpdateAlias, which changes only the version (`revision_id` NULL:
 * unconditionally). */
bool lambda_get_alias(struct aws_client *client, const char *function, const char *name, struct alias *alias,
                      struct aws_response *response);
bool lambda_create_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, struct aws_deadline *deadline, struct alias *alias,
                         struct aws_response *response);
bool lambda_update_alias(struct aws_client *client, const char *function, const char *name,
                         const char *version, const char *revision_id, struct aws_deadline *deadline,
                         struct alias *alias, struct aws_response *response);

/* ListAliases: those that point at `version` (NULL: all). */
struct alias_list {
    struct alias *aliases;
    size_t count, capacity;
};
bool lambda_list_aliases(struct aws_client *client, const char *function, const char *version,
                         struct alias_list *list, struct aws_response *response);
void alias_list_release(struct alias_list *list);

/* GetAccountSettings. */
struct account_settings {
    long long concurrent_executions;            /* the account's limit in the region */
    long long unreserved_concurrent_executions; /* the part of it that no function has reserved */
    long long total_code_size;                  /* limit, bytes */
    long long used_code_size;                   /* bytes */
};
bool lambda_get_account_settings(struct aws_client *client, struct account_settings *settings,
                                 struct aws_response *response);

/* Invoke with InvocationType DryRun: true when the caller may invoke the function. Nothing runs. */
bool lambda_dry_run(struct aws_client *client, const char *function, const char *qualifier,
                    struct aws_response *response);

/* Appends the path of Invoke to `path` and the qualifier, if it is not "", to `query`. */
void lambda_invoke_path(const char *function, const char *qualifier, struct text *path, struct text *query);

/* The same for GetFunction. */
void lambda_function_path(const char *function, const char *qualifier, struct text *path, struct text *query);

#endif
