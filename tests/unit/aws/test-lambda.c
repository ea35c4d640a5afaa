/* aws/lambda, against a local server with responses that Lambda never sends. */
#include "unit/server.h"
#include "unit/unit.h"

#include "aws/lambda/lambda.h"

#include <signal.h>
#include <sys/wait.h>

static struct aws_settings settings;
static struct credentials_provider *provider;

/* Sends a response with status 200 that is JSON, but not an alias, to each request for an alias. */
static void check_no_alias(void) {
    static const char *const responses[] = {RESPONSE_OK, NULL};
    struct server server;
    struct text url = TEXT_INIT;
    struct alias alias = {0};
    struct aws_response response = AWS_RESPONSE_INIT;
    server_start(&server, responses);
    text_append_format(&url, "http://127.0.0.1:%u", server.port);
    struct aws_client *client = aws_client_at(&settings, provider, "lambda", "eu-west-1", url.bytes);
    client->custom_endpoint = true;
    CHECK(!lambda_get_alias(client, "f", "a", &alias, &response));
    CHECK(response.result == AWS_UNREACHABLE);
    CHECK_TEXT(text_string(&response.message), "the response is not an alias");
    struct aws_deadline deadline = aws_deadline_start(client);
    CHECK(!lambda_create_alias(client, "f", "a", "1", &deadline, &alias, &response));
    CHECK(response.result == AWS_LOST);
    CHECK(!lambda_update_alias(client, "f", "a", "1", "r", &deadline, &alias, &response));
    CHECK(response.result == AWS_LOST);
    CHECK_TEXT(text_string(&response.message), "the response is not an alias");
    CHECK(!alias.function_version && server.requests == 3);
    aws_response_release(&response);
    aws_client_free(client);
    text_release(&url);
    server_stop(&server);
}

/* Deleting "$LATEST" would delete the function: the program ends before anything is sent. */
static void check_never_deleted(const char *version) {
    static const char *const responses[] = {"HTTP/1.1 204 No\r\n\r\n", NULL};
    struct server server;
    server_start(&server, responses);
    pid_t child = fork();
    if (child == 0) {
        struct text url = TEXT_INIT;
        struct aws_response response = AWS_RESPONSE_INIT;
        signal(SIGABRT, SIG_DFL);
        if (!freopen("/dev/null", "w", stderr))
            _exit(99);
        text_append_format(&url, "http://127.0.0.1:%u", server.port);
        struct aws_client *client = aws_client_at(&settings, provider, "lambda", "eu-west-1", url.bytes);
        struct aws_deadline deadline = aws_deadline_start(client);
        lambda_delete_version(client, "f", version, &deadline, &response);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CHECK(server.requests == 0);
    server_stop(&server);
}

int main(void) {
    struct text problem = TEXT_INIT;
    static const char *const unwanted[] = {"http_proxy", "HTTP_PROXY",       "all_proxy",
                                           "ALL_PROXY",  "AWS_MAX_ATTEMPTS", "AWS_PROFILE"};
    for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++)
        unsetenv(unwanted[i]);
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    if (!http_start() || !settings_load(&settings, &(struct aws_options){0}, &problem))
        return 99;
    provider = credentials_provider_new(&settings);
    TEST("after an invalid response a change may have been made, and a read has failed") {
        check_no_alias();
    }
    TEST("only the number of a version is ever deleted") {
        check_never_deleted("$LATEST");
        check_never_deleted("");
        check_never_deleted(NULL);
    }
    credentials_provider_free(provider);
    settings_release(&settings);
    text_release(&problem);
    http_end();
    return unit_end();
}
