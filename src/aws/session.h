/* The common start of a program that talks to AWS: settings, credentials, and a client for Lambda. */
#ifndef AWS_SESSION_H
#define AWS_SESSION_H

#include "aws/client.h"
#include "aws/credentials/credentials.h"
#include "aws/settings.h"
#include "util/text.h"

#include <stdbool.h>

struct aws_session {
    struct aws_settings settings;
    struct credentials_provider *provider;
    struct aws_client *lambda;
};

/* Forbids core files, starts libcurl, resolves the settings and makes the client for `region` (from an ARN;
 * "" when unknown). `session` must not move until it is closed. False when a setting is bad or no region is
 * known; `problem` says which, and there is nothing to close. */
bool aws_session_open(struct aws_session *session, const struct aws_options *options, const char *region,
                      struct text *problem);

void aws_session_close(struct aws_session *session);

#endif
