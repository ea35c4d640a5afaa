/* aws/lambda, against a local server with responses that Lambda never sends. */
#include "unit/server.h"
#include "unit/unit.h"

#include "aws/lambda/lambda.h"
#include "util/memory.h"

#include <signal.h>
#include <stdlib.h>
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

/* Reads a configuration from a server that sends `responses`. */
static bool read_configuration(const char *const *responses, struct function_configuration *configuration,
                               struct aws_response *response) {
    struct server server;
    struct text url = TEXT_INIT;
    server_start(&server, responses);
    text_append_format(&url, "http://127.0.0.1:%u", server.port);
    struct aws_client *client = aws_client_at(&settings, provider, "lambda", "eu-west-1", url.bytes);
    client->custom_endpoint = true;
    bool done = lambda_get_configuration(client, "f", NULL, configuration, response);
    aws_client_free(client);
    text_release(&url);
    server_stop(&server);
    return done;
}

static void check_refused_configuration(const char *body) {
    struct function_configuration configuration = {0};
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text text = TEXT_INIT;
    text_append_format(&text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    const char *const responses[] = {text.bytes, NULL};
    CHECK(!read_configuration(responses, &configuration, &response));
    CHECK(response.result == AWS_UNREACHABLE && !configuration.function_arn);
    CHECK_TEXT(text_string(&response.message), "the response is not a function configuration");
    aws_response_release(&response);
    text_release(&text);
}

static char *comparable(const char *members) {
    struct function_configuration configuration = {0};
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text body = TEXT_INIT, text = TEXT_INIT;
    text_append_format(&body, "{\"FunctionArn\":\"a\",\"MemorySize\":128,%s}", members);
    text_append_format(&text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", body.length, body.bytes);
    const char *const responses[] = {text.bytes, NULL};
    CHECK(read_configuration(responses, &configuration, &response));
    char *hash = memory_copy_string(configuration.comparable);
    CHECK(!response.body.length && !response.document.start);
    function_configuration_release(&configuration);
    aws_response_release(&response);
    text_release(&body);
    text_release(&text);
    return hash;
}

/* Lambda's maps have no order. */
static void check_comparable(void) {
    char *one = comparable("\"Environment\":{\"Variables\":{\"A\":\"1\",\"B\":\"\\u0032\"}},\"Timeout\":3");
    char *same = comparable("\"Timeout\":4, \"Environment\":{\"Variables\":{ \"B\":\"2\", \"A\":\"1\"}}");
    char *other = comparable("\"Environment\":{\"Variables\":{\"A\":\"2\",\"B\":\"2\"}}");
    CHECK_TEXT(one, same);
    CHECK(strcmp(one, other) != 0);
    free(one);
    free(same);
    free(other);
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
    TEST("a configuration needs an ARN, a memory size and a description that can be written back") {
        check_refused_configuration("null");
        check_refused_configuration("{\"FunctionArn\":\"a\"}");
        check_refused_configuration("{\"FunctionArn\":null,\"MemorySize\":128}");
        check_refused_configuration("{\"FunctionArn\":\"a\",\"MemorySize\":12345678901234567890}");
        check_refused_configuration("{\"FunctionArn\":\"a\",\"MemorySize\":128,\"Description\":\"\\udfff\"}");
        check_refused_configuration(
            "{\"FunctionArn\":\"a\",\"MemorySize\":128,\"Description\":\"a\\u0000b\"}");
    }
    TEST("configurations are compared by their content, in whatever order it is sent") {
        check_comparable();
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
