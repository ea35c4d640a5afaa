/* aws/client, aws/http and aws/error, against a local server that sends the responses that the test sets. */
#include "unit/server.h"
#include "unit/unit.h"

#include "aws/client.h"

#include <netinet/tcp.h>

#define RESPONSE_503 "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"

/* ---- clients ---- */

static struct aws_settings settings;
static struct credentials_provider *provider;

static struct aws_client *client_of(unsigned port) {
    struct text url = TEXT_INIT;
    text_append_format(&url, "http://127.0.0.1:%u", port);
    struct aws_client *client = aws_client_at(&settings, provider, "lambda", "eu-west-1", url.bytes);
    text_release(&url);
    return client;
}

static enum aws_result call(struct aws_client *client, bool changes, bool unpaced) {
    struct aws_request request = {.method = changes ? "PUT" : "GET",
                                  .path = "/",
                                  .body = changes ? "{}" : NULL,
                                  .body_length = changes ? 2 : 0,
                                  .changes = changes,
                                  .unpaced = unpaced};
    struct aws_response response = AWS_RESPONSE_INIT;
    struct aws_deadline deadline = aws_deadline_start(client);
    enum aws_result outcome = aws_send(client, &request, &deadline, &response);
    aws_response_release(&response);
    return outcome;
}

/* ---- tests ---- */

static void check_pause(void) {
    for (int tries = 0; tries < 12; tries++) {
        int64_t cap = tries < 1 ? 100 : tries < 7 ? 100LL << (tries - 1) : 5000, least = cap, most = 0;
        if (cap > 5000)
            cap = 5000;
        for (int i = 0; i < 1000; i++) {
            int64_t pause = aws_retry_pause_ms(tries, 0, 5000);
            least = pause < least ? pause : least;
            most = pause > most ? pause : most;
        }
        CHECK(least >= 0 && least < cap / 10);
        CHECK(most <= cap && most > cap - cap / 10);
    }
    CHECK(aws_retry_pause_ms(1, 3000, 5000) == 3000);
    CHECK(aws_retry_pause_ms(1, 100000, 5000) == 5000);
    CHECK(aws_retry_pause_ms(1, 100000, 60000) == 60000);
}

static void check_pace(void) {
    static const char *const responses[] = {RESPONSE_OK, NULL};
    struct server server;
    server_start(&server, responses);
    struct aws_client *client = client_of(server.port);
    int64_t start = monotonic_ms();
    CHECK(call(client, false, true) == AWS_DONE);
    CHECK(client->next_request_ms == 0);
    CHECK(call(client, false, false) == AWS_DONE);
    int64_t next = client->next_request_ms;
    CHECK(next >= start + 200);
    CHECK(call(client, true, false) == AWS_DONE);
    CHECK(client->next_request_ms >= next + 200);
    aws_client_free(client);
    client = client_of(server.port);
    settings.calls_per_second = 1;
    start = monotonic_ms();
    CHECK(call(client, false, false) == AWS_DONE);
    CHECK(client->next_request_ms >= start + 1000);
    settings.calls_per_second = 5;
    aws_client_free(client);
    client = client_of(server.port);
    client->custom_endpoint = true;
    CHECK(call(client, false, false) == AWS_DONE);
    CHECK(client->next_request_ms == 0);
    aws_client_free(client);
    server_stop(&server);
}

static void check_quota(void) {
    static const char *const responses[] = {RESPONSE_503, RESPONSE_503, RESPONSE_503,
                                            RESPONSE_503, RESPONSE_OK,  NULL};
    struct server server;
    server_start(&server, responses);
    struct aws_client *client = client_of(server.port);
    client->custom_endpoint = true;
    CHECK(client->retry_quota == 500);
    client->retry_quota = 12;
    CHECK(call(client, false, false) == AWS_UNREACHABLE); /* 3 tries: 2 retries, 5 each */
    CHECK(client->retry_quota == 2 && server.requests == 3);
    CHECK(call(client, false, false) == AWS_UNREACHABLE);
    CHECK(client->retry_quota == 2 && server.requests == 4);
    CHECK(call(client, false, false) == AWS_DONE);
    CHECK(client->retry_quota == 3);
    client->retry_quota = 500;
    CHECK(call(client, false, false) == AWS_DONE);
    CHECK(client->retry_quota == 500);
    aws_client_free(client);
    server_stop(&server);
}

static void check_quota_back(void) {
    static const char *const responses[] = {RESPONSE_503, RESPONSE_503, RESPONSE_OK, NULL};
    struct server server;
    server_start(&server, responses);
    struct aws_client *client = client_of(server.port);
    client->custom_endpoint = true;
    client->retry_quota = 50;
    CHECK(call(client, false, false) == AWS_DONE);
    CHECK(client->retry_quota == 50 && server.requests == 3);
    aws_client_free(client);
    server_stop(&server);
}

static void check_changes(void) {
    static const char *const responses[] = {RESPONSE_503,
                                            "",
                                            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
                                            "HTTP/1.1 429 No\r\nContent-Length: 0\r\n\r\n",
                                            RESPONSE_OK,
                                            NULL};
    struct server server;
    server_start(&server, responses);
    struct aws_client *client = client_of(server.port);
    client->custom_endpoint = true;
    CHECK(call(client, true, false) == AWS_LOST);
    CHECK(call(client, true, false) == AWS_LOST);
    CHECK(call(client, true, false) == AWS_LOST);
    CHECK(server.requests == 3);
    CHECK(call(client, true, false) == AWS_DONE);
    CHECK(server.requests == 5);
    aws_client_free(client);
    server_stop(&server);
    client = client_of(server.port);
    client->custom_endpoint = true;
    client->max_connects = 2;
    CHECK(call(client, true, false) == AWS_UNREACHABLE);
    aws_client_free(client);
}

/* The delay that Retry-After in `headers` asks for. */
static int64_t retry_after(const char *headers) {
    char response[512];
    snprintf(response, sizeof response, "HTTP/1.1 503 No\r\n%sContent-Length: 0\r\n\r\n", headers);
    const char *const responses[] = {response, NULL};
    struct server server;
    server_start(&server, responses);
    struct aws_client *client = client_of(server.port);
    client->custom_endpoint = true;
    settings.max_attempts = 1;
    call(client, false, false);
    settings.max_attempts = 0;
    int64_t wanted = aws_retry_after(client->transfer);
    aws_client_free(client);
    server_stop(&server);
    return wanted;
}

static void check_retry_after(void) {
    CHECK(retry_after("") == 0);
    CHECK(retry_after("Retry-After: 7\r\n") == 7000);
    CHECK(retry_after("x-amz-retry-after: 250\r\nRetry-After: 7\r\n") == 250);
    CHECK(retry_after(
              "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2015 07:28:03 GMT\r\n") ==
          3000);
    CHECK(retry_after(
              "Date: Wed, 21 Oct 2015 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2015 07:00:00 GMT\r\n") == 0);
    CHECK(retry_after("Retry-After: soon\r\n") == 0);
    CHECK(retry_after("Retry-After: -5\r\n") == 0);
}

static int option_of(CURL *easy, int level, int name) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    int value = -1;
    socklen_t size = sizeof value;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
    return getsockopt(socket, level, name, &value, &size) == 0 ? value : -1;
}

static void check_connection(void) {
    static const char *const responses[] = {RESPONSE_OK, NULL};
    struct server server;
    server_start(&server, responses);
    struct aws_client *client = client_of(server.port);
    client->custom_endpoint = true;
    for (int i = 0; i < 3; i++)
        CHECK(call(client, i == 1, false) == AWS_DONE);
    CHECK(server.requests == 3 && server.connections == 1);
    CURL *easy = client->transfer->easy;
    CHECK(option_of(easy, SOL_SOCKET, SO_KEEPALIVE) == 1);
    CHECK(option_of(easy, IPPROTO_TCP, TCP_KEEPIDLE) == 30);
    CHECK(option_of(easy, IPPROTO_TCP, TCP_KEEPINTVL) == 15);
    long version = 0;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    CHECK(version == CURL_HTTP_VERSION_1_1);
    struct http_options options = aws_http_options(client, 120000, 1);
    CHECK(options.connect_timeout_ms == 10000 && options.timeout_ms == 120000);
    aws_client_free(client);
    server_stop(&server);
}

static void check_too_large(void) {
    static const char *const responses[] = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\": 12}", NULL};
    struct server server;
    server_start(&server, responses);
    struct aws_client *client = client_of(server.port);
    client->custom_endpoint = true;
    client->transfer->response_limit = 9;
    CHECK(call(client, false, false) == AWS_DONE && server.requests == 1);
    client->transfer->response_limit = 8;
    CHECK(call(client, false, false) == AWS_UNREACHABLE && server.requests == 2);
    CHECK_TEXT(client->transfer->problem, "the response is larger than 8 bytes");
    CHECK(call(client, true, false) == AWS_LOST && server.requests == 3);
    aws_client_free(client);
    server_stop(&server);
}

static void check_host(const char *endpoint, const char *host, const char *base_path) {
    struct aws_client *client = aws_client_at(&settings, provider, "lambda", "eu-west-1", endpoint);
    CHECK_TEXT(client->host, host);
    CHECK_TEXT(client->base_path, base_path);
    aws_client_free(client);
}

static void check_hosts(void) {
    check_host("https://lambda.eu-west-1.amazonaws.com", "lambda.eu-west-1.amazonaws.com", "");
    check_host("https://a:443/b/c", "a", "/b/c");
    check_host("HTTPS://a:443", "a", "");
    check_host("https://a:80", "a:80", "");
    check_host("http://a:80", "a", "");
    check_host("http://a:443", "a:443", "");
    check_host("http://[::1]:80/b", "[::1]", "/b");
    check_host("http://[::1]:9001", "[::1]:9001", "");
}

/* Compares the description of a response with this status, code and message. */
static void check_description(long status, const char *code, const char *message, const char *wanted) {
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text said = TEXT_INIT;
    response.status = status;
    text_append_string(&response.code, code);
    text_append_string(&response.message, message);
    aws_describe(&response, &said);
    CHECK_TEXT(text_string(&said), wanted);
    text_release(&said);
    aws_response_release(&response);
}

/* The server asks for a pause that would end after the deadline: it is not begun. */
static void check_deadline(void) {
    struct aws_client *client = client_of(1);
    struct aws_deadline deadline = {.end_ms = monotonic_ms() + 4000, .tries_left = 5};
    CHECK(!aws_wait_to_retry(client, &deadline, 5000));
    aws_client_free(client);
}

static void check_unexplained(void) {
    struct aws_client *client = client_of(1);
    CHECK(http_result(client->transfer, CURLE_GOT_NOTHING) == HTTP_NOT_SENT);
    CHECK_TEXT(client->transfer->problem, curl_easy_strerror(CURLE_GOT_NOTHING));
    aws_client_free(client);
}

static void check_codes(void) {
    CHECK(aws_is_throttling(429, ""));
    CHECK(aws_is_throttling(400, "ThrottlingException") && aws_is_throttling(503, "SlowDown"));
    CHECK(!aws_is_throttling(500, "ServiceException") && !aws_is_throttling(400, ""));
    CHECK(aws_is_transient(500, "") && aws_is_transient(503, "") && aws_is_transient(408, ""));
    CHECK(aws_is_transient(400, "RequestTimeout"));
    CHECK(!aws_is_transient(400, "ValidationException") && !aws_is_transient(404, ""));
}

int main(void) {
    struct text problem = TEXT_INIT;
    static const char *const proxies[] = {"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++)
        unsetenv(proxies[i]);
    setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    unsetenv("AWS_MAX_ATTEMPTS");
    unsetenv("POWER_TUNE_CALLS_PER_SECOND");
    unsetenv("AWS_PROFILE");
    setenv("AWS_CONFIG_FILE", "/dev/null", 1);
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    if (!http_start() || !settings_load(&settings, &(struct aws_options){0}, &problem))
        return 99;
    provider = credentials_provider_new(&settings);
    TEST("pauses between tries are random, doubled up to 5 s, or as long as the server asks") {
        check_pause();
    }
    TEST("control requests are paced at 5 a second at AWS's own endpoints, except GetFunction") {
        check_pace();
    }
    TEST("a retry takes from the quota, and without quota there is only one try") {
        check_quota();
    }
    TEST("a success returns the quota that its retries took") {
        check_quota_back();
    }
    TEST("a change is sent again only when it was certainly not made") {
        check_changes();
    }
    TEST("Retry-After is read as seconds, as a date, and as AWS's milliseconds") {
        check_retry_after();
    }
    TEST("one connection is reused, with keep-alive probes, HTTP/1.1 and 10 s to connect") {
        check_connection();
    }
    TEST("a response over the limit is not requested again") {
        check_too_large();
    }
    TEST("the Host header leaves out the scheme's default port") {
        check_hosts();
    }
    TEST("a failed response is described by AWS's code and message, its status, or its absence") {
        check_description(403, "Denied", "no\r\nAuthorization: secret", "Denied: no");
        check_description(502, "", "", "HTTP status 502 without an error message");
        check_description(0, "", "", "no response");
        check_unexplained();
    }
    TEST("no pause is begun that would end after the deadline") {
        check_deadline();
    }
    TEST("throttling and transient errors are distinguished from refusals") {
        check_codes();
    }
    credentials_provider_free(provider);
    settings_release(&settings);
    text_release(&problem);
    http_end();
    return unit_end();
}
