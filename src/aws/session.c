#include "aws/session.h"

#include <string.h>
#include <sys/resource.h>

/* Keys are in the memory of the process, so a crash must not write it to a file. (PR_SET_DUMPABLE would also
 * stop crash handlers that receive core files through a pipe despite the limit. But it would make
 * /proc/self/fd, and so /dev/stdin and <(...), unreadable for all users but root.) */
static void forbid_core_files(void) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

bool aws_session_open(struct aws_session *session, const struct aws_options *options, const char *region,
                      struct text *problem) {
    *session = (struct aws_session){0};
    forbid_core_files();
    if (!http_start()) {
        text_append_string(problem, "cannot start libcurl");
        return false;
    }
    if (!settings_load(&session->settings, options, problem)) {
        http_end();
        return false;
    }
    region = settings_region(&session->settings, region);
    if (!region)
        text_append_string(problem, "no region: use --region, an ARN or AWS_REGION");
    session->provider = credentials_provider_new(&session->settings);
    if (region)
        session->lambda = aws_client_new(&session->settings, session->provider, "lambda", region, problem);
    if (!session->lambda)
        aws_session_close(session);
    return session->lambda != NULL;
}

void aws_session_close(struct aws_session *session) {
    aws_client_free(session->lambda);
    credentials_provider_free(session->provider);
    settings_release(&session->settings);
    http_end();
    memset(session, 0, sizeof *session);
}
