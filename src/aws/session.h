/* What a program that talks to AWS holds: its settings, who signs, and a client for Lambda. */
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

/* Forbids core files, starts libcurl, resolves the settings and makes the client for `region` (an ARN's, ""
 * when none is known). `session` must stay where it is until it is closed. False, and `problem`, when a
 * setting is bad or no region is known; nothing is to be closed then. */
bool aws_session_open(struct aws_session *session, const struct aws_options *options, const char *region,
                      struct text *problem);

void aws_session_close(struct aws_session *session);

#endif
