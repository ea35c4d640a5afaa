/* The shared config and credentials files of the AWS tools, parsed as botocore does.
 *
 * Grammar (Python's configparser, RawConfigParser): sections in brackets; `name = value` or `name: value`,
 * names in any case; whole lines that begin with '#' or ';' are comments. A line with a deeper indent than
 * the name above it continues its value; empty lines do not end the value. A value that begins on the next
 * line is a list of `name = value` lines ("nested": s3, or a service in a services section). A repeated
 * section, a repeated name, text outside a section and any other line are errors. LF, CR LF and CR end lines.
 *
 * Profiles: [default] and [profile NAME] in the config file, [NAME] in the credentials file. When both have a
 * value, the credentials file takes precedence. A file that is missing or cannot be opened counts as
 * empty. */
#ifndef AWS_CONFIG_H
#define AWS_CONFIG_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

/* ---- one file ---- */

struct config_entry {
    char *name;  /* lower case */
    char *value; /* lines are joined by \n; a nested value begins with \n */
};

struct config_section {
    char *name;
    struct config_entry *entries;
    size_t count, capacity;
};

struct config_file {
    struct config_section *sections; /* in the order of the file */
    size_t count, capacity;
};

/* The section with exactly this name, or NULL. */
const struct config_section *config_section(const struct config_file *file, const char *name);

/* The value of `name` (lower case) in `section` (NULL: none) or else in [DEFAULT], which applies to every
 * section; NULL when there is none. */
const char *config_entry(const struct config_file *file, const struct config_section *section,
                         const char *name);

/* ---- both files ---- */

struct aws_config {
    char *config_path, *credentials_path; /* with ~ and variables replaced */
    int config_error, credentials_error;  /* errno of a file that could not be read, or 0 */
    struct config_file config, credentials;
};

/* Reads the two files: AWS_CONFIG_FILE (default ~/.aws/config) and AWS_SHARED_CREDENTIALS_FILE (default
 * ~/.aws/credentials). NULL when one cannot be parsed; `problem` names it and says why. Free the result with
 * config_free. */
struct aws_config *config_load(struct text *problem);
void config_free(struct aws_config *config);

/* The profile's section in the config file, or NULL. */
const struct config_section *config_profile_section(const struct aws_config *config, const char *profile);

bool config_has_profile(const struct aws_config *config, const char *profile);

/* A value of the profile from either file; NULL when it is absent or nested. Valid as long as `config`. */
const char *config_value(const struct aws_config *config, const char *profile, const char *name);

/* Appends the value `name` of `service` in [services SECTION] (endpoint_url). False when there is none;
 * `*exists` tells whether the section exists. */
bool config_service_value(const struct aws_config *config, const char *section, const char *service,
                          const char *name, bool *exists, struct text *out);

/* Appends `path` with a leading ~ or ~USER, and every $NAME and ${NAME}, replaced. */
void path_expand(const char *path, struct text *out);

#endif
