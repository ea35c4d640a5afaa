#include "aws/client.h"

#include "aws/endpoint.h"
#include "util/json.h"
#include "util/memory.h"
#include "util/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* ---- time ---- */

int64_t monotonic_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int64_t duration) {
    if (duration <= 0)
        return;
    struct timespec time = {(time_t)(duration / 1000), (long)(duration % 1000) * 1000000};
    nanosleep(&time, NULL);
}

/* ---- clients ---- */

/* Splits "http://host:port/base" into the value of the Host header and the base path. */
static void split_endpoint(struct aws_client *client) {
    const char *host = strstr(client->endpoint, "://") + 3;
    size_t length = strcspn(host, "/");
    /* The Host header leaves out the scheme's default port. */
    size_t shown = length;
    const char *own_port = strncasecmp(client->endpoint, "https:", 6) == 0 ? ":443" : ":80";
    size_t own_length = strlen(own_port);
    if (length > own_length && memcmp(host + length - own_length, own_port, own_length) == 0)
        shown -= own_length;
    client->host = memory_copy(host, shown);
    client->base_path = memory_copy_string(host + length);
}

struct aws_client *aws_client_at(const struct aws_settings *settings, struct credentials_provider *provider,
                                 const char *service, const char *region, const char *endpoint) {
    struct aws_client *client = memory_zeroed(1, sizeof *client);
    client->settings = settings;
    client->provider = provider;
    client->service = service;
    client->retry_quota = AWS_RETRY_QUOTA;
    client->is_s3 = strcmp(service, "s3") == 0;
    client->responses_json = strcmp(service, "lambda") == 0;
    client->region = memory_copy_string(region);
    client->endpoint = memory_copy_string(endpoint);
    split_endpoint(client);
    struct http_options options = aws_http_options(client, AWS_TRY_MS, AWS_CONTROL_RESPONSE_LIMIT);
    client->transfer = http_transfer_new(&options);
    return client;
}

struct aws_client *aws_client_new(const struct aws_settings *settings, struct credentials_provider *provider,
                                  const char *service, const char *region, struct text *problem) {
    struct text url = TEXT_INIT;
    struct aws_client *client = NULL;
    bool custom = false;
    if (endpoint_url(settings, service, region, &url, &custom, problem))
        client = aws_client_at(settings, provider, service, region, url.bytes);
    if (client)
        client->custom_endpoint = custom;
    text_release(&url);
    return client;
}

void aws_client_free(struct aws_client *client) {
    if (!client)
        return;
    http_transfer_free(client->transfer);
    free(client->region);
    free(client->endpoint);
    free(client->base_path);
    free(client->host);
    free(client);
}

struct http_options aws_http_options(const struct aws_client *client, long timeout_ms,
                                     size_t response_limit) {
    return (struct http_options){client->settings->ca_bundle, AWS_CONNECT_MS, timeout_ms, response_limit};
}

/* ---- signing ---- */

enum { MAX_HEADERS = 16 };

static void add_header(struct curl_slist **list, const char *name, const char *value) {
    struct text line = TEXT_INIT;
    text_append_format(&line, *value ? "%s: %s" : "%s;", name, value);
    struct curl_slist *longer = curl_slist_append(*list, line.bytes);
    if (longer)
        *list = longer;
    text_release(&line);
}

/* Collects the headers to be signed in `headers` and returns their number. */
static size_t collect_headers(const struct aws_client *client, const struct aws_request *request,
                              const struct credentials *credentials, const char *time,
                              const char *body_sha256, struct sigv4_header headers[MAX_HEADERS]) {
    size_t count = 0;
    headers[count++] = (struct sigv4_header){"host", client->host};
    headers[count++] = (struct sigv4_header){"x-amz-date", time};
    if (request->body)
        headers[count++] = (struct sigv4_header){"content-type", request->content_type ? request->content_type
                                                                                       : "application/json"};
    if (credentials->session_token)
        headers[count++] = (struct sigv4_header){"x-amz-security-token", credentials->session_token};
    if (client->is_s3)
        headers[count++] = (struct sigv4_header){"x-amz-content-sha256", body_sha256};
    for (size_t i = 0; i < request->header_count && count < MAX_HEADERS; i++)
        headers[count++] = request->headers[i];
    return count;
}

static void append_path(const struct aws_client *client, const struct aws_request *request,
                        struct text *out) {
    text_append_string(out, client->base_path);
    text_append_string(out, request->path);
}

static void sign(struct aws_client *client, const struct aws_request *request,
                 const struct credentials *credentials, const char *path, struct curl_slist **list) {
    char computed[SHA256_HEX_SIZE];
    const char *body_sha256 = request->body_sha256;
    if (!body_sha256) {
        sha256_hex(request->body ? request->body : "", request->body ? request->body_length : 0, computed);
        body_sha256 = computed;
    }
    struct sigv4_scope scope = {credentials->access_key_id, credentials->secret_access_key, client->region,
                                client->service, ""};
    sigv4_time(time(NULL) + client->skew_seconds, scope.time);
    struct sigv4_header headers[MAX_HEADERS];
    size_t count = collect_headers(client, request, credentials, scope.time, body_sha256, headers);
    struct sigv4_request signature = {.method = request->method,
                                      .path = path,
                                      .query = request->query ? request->query : "",
                                      .headers = headers,
                                      .header_count = count,
                                      .payload_sha256 = body_sha256,
                                      .encode_path_once = client->is_s3,
                                      .keep_path = client->is_s3};
    struct text authorization = TEXT_INIT;
    sigv4_authorization(&client->signer, &scope, &signature, &authorization);
    for (size_t i = 1; i < count; i++) /* libcurl sends Host itself */
        add_header(list, headers[i].name, headers[i].value);
    add_header(list, "Authorization", authorization.bytes);
    text_release(&authorization);
}

bool aws_prepare(struct aws_client *client, const struct aws_request *request, struct http_transfer *transfer,
                 struct curl_slist **headers, struct text *problem) {
    const struct credentials *credentials;
    if (!credentials_get(client->provider, time(NULL) + client->skew_seconds, &credentials, problem))
        return false;
    struct text url = TEXT_INIT;
    size_t origin = strlen(client->endpoint) - strlen(client->base_path);
    text_append(&url, client->endpoint, origin);
    append_path(client, request, &url);
    sign(client, request, credentials, url.bytes + origin, headers);
    /* Otherwise libcurl waits a second for "100 Continue" before it sends a large body. */
    struct curl_slist *longer = curl_slist_append(*headers, "Expect:");
    if (longer)
        *headers = longer;
    if (request->query && *request->query)
        text_append_format(&url, "?%s", request->query);
    struct http_request exchange = {request->method, url.bytes, *headers, request->body,
                                    request->body_length};
    bool ready = http_prepare(transfer, &exchange);
    if (!ready)
        text_append_string(problem, transfer->problem);
    text_release(&url);
    return ready;
}

/* ---- clock skew ---- */

bool aws_learn_skew(struct aws_client *client, const struct http_transfer *transfer, const char *code) {
    static const char *const codes[] = {
        "RequestExpired",     "RequestTimeTooSkewed", "InvalidSignatureException",  "SignatureDoesNotMatch",
        "RequestInTheFuture", "AuthFailure",          "InvalidClientTokenException"};
    const char *date = http_header(transfer, "Date");
    bool about_time = WORD_INDEX(code, codes) >= 0;
    time_t theirs = about_time && date ? curl_getdate(date, NULL) : -1;
    if (theirs == -1)
        return false;
    long skew = (long)(theirs - time(NULL));
    long change = labs(skew - client->skew_seconds);
    enum { TOLERATED_SECONDS = 60 }; /* AWS accepts 5 minutes; a skew under one minute is never the reason */
    if (change < TOLERATED_SECONDS)
        return false;
    client->skew_seconds = skew;
    return true;
}

/* ---- responses ---- */

void aws_response_release(struct aws_response *response) {
    text_release(&response->body);
    text_release(&response->code);
    text_release(&response->message);
    text_release(&response->reason);
    *response = (struct aws_response)AWS_RESPONSE_INIT;
}

bool aws_has_code(const struct aws_response *response, const char *code) {
    return strcmp(text_string(&response->code), code) == 0;
}

bool aws_is_refused(const struct aws_response *response) {
    return response->result == AWS_REFUSED &&
           !aws_is_throttling(response->status, text_string(&response->code));
}

void aws_describe(const struct aws_response *response, struct text *out) {
    if (response->code.length)
        text_append_format(out, "%s: ", response->code.bytes);
    if (response->message.length)
        text_append(out, response->message.bytes, strcspn(response->message.bytes, "\r\n"));
    else if (response->status)
        text_append_format(out, "HTTP status %ld without an error message", response->status);
    else
        text_append_string(out, "no response");
}

/* ---- retries ---- */

struct aws_deadline aws_deadline_start(const struct aws_client *client) {
    int max = client->settings->max_attempts;
    return (struct aws_deadline){monotonic_ms() + AWS_DEADLINE_MS, max > 0 ? max : INT32_MAX, 0, 0, 0};
}

static bool is_stopped(const struct aws_client *client) {
    return client->stopped && *client->stopped;
}

int64_t aws_retry_pause_ms(int tries_made, int64_t wanted_ms, int64_t max_wanted_ms) {
    enum { FIRST_MS = 100, MAX_MS = 5000, MAX_DOUBLINGS = 6 };
    int doublings = tries_made < 1 ? 0 : tries_made - 1 < MAX_DOUBLINGS ? tries_made - 1 : MAX_DOUBLINGS;
    int64_t max = (int64_t)FIRST_MS << doublings;
    if (max > MAX_MS)
        max = MAX_MS;
    int64_t pause = (int64_t)((double)max * ((double)random() / ((double)RAND_MAX + 1)));
    if (wanted_ms > max_wanted_ms)
        wanted_ms = max_wanted_ms;
    return pause > wanted_ms ? pause : wanted_ms;
}

bool aws_wait_to_retry(const struct aws_client *client, struct aws_deadline *deadline, int64_t wanted_ms) {
    enum { MAX_WANTED_MS = 5000 };
    if (deadline->tries_left <= 0 || is_stopped(client))
        return false;
    int64_t pause = aws_retry_pause_ms(deadline->tries_made, wanted_ms, MAX_WANTED_MS);
    if (monotonic_ms() + pause >= deadline->end_ms)
        return false;
    sleep_ms(pause);
    return !is_stopped(client);
}

static void keep_pace(struct aws_client *client, const struct aws_request *request) {
    if (client->custom_endpoint || request->unpaced)
        return;
    int64_t now = monotonic_ms();
    if (now < client->next_request_ms)
        sleep_ms(client->next_request_ms - now);
    now = monotonic_ms();
    client->next_request_ms = now + 1000 / client->settings->calls_per_second;
}

/* ---- the retry quota ---- */

static bool take_quota(struct aws_client *client, struct aws_deadline *deadline, bool timed_out) {
    enum { RETRY_COST = 5, TIMEOUT_COST = 10 };
    int cost = timed_out ? TIMEOUT_COST : RETRY_COST;
    if (client->retry_quota < cost)
        return false;
    client->retry_quota -= cost;
    deadline->quota_taken += cost;
    return true;
}

static void give_back_quota(struct aws_client *client, struct aws_deadline *deadline) {
    int quota = client->retry_quota + (deadline->quota_taken ? deadline->quota_taken : 1);
    client->retry_quota = quota < AWS_RETRY_QUOTA ? quota : AWS_RETRY_QUOTA;
    deadline->quota_taken = 0;
}

/* ---- requests ---- */

/* The result of one try. */
enum verdict { VERDICT_FINAL, VERDICT_AGAIN, VERDICT_AGAIN_AT_ONCE };

static enum verdict judge_response(struct aws_client *client, const struct aws_request *request,
                                   struct aws_response *response) {
    struct http_transfer *transfer = client->transfer;
    response->status = http_status(transfer);
    text_append(&response->body, text_string(&transfer->body), transfer->body.length);
    if (response->status >= 200 && response->status < 300) {
        response->result = AWS_DONE;
        struct span body = {text_string(&response->body), response->body.length};
        if (!client->responses_json || !body.length || json_check(body, &response->document, NULL))
            return VERDICT_FINAL;
        text_append_string(&response->message, "the response is not JSON");
        response->result = request->changes ? AWS_LOST : AWS_UNREACHABLE;
        return request->changes ? VERDICT_FINAL : VERDICT_AGAIN;
    }
    aws_read_error(transfer, &response->code, &response->message, &response->reason);
    const char *code = text_string(&response->code);
    response->result = AWS_REFUSED;
    if (aws_learn_skew(client, transfer, code))
        return VERDICT_AGAIN_AT_ONCE;
    if (strncmp(code, "ExpiredToken", strlen("ExpiredToken")) == 0 && credentials_expired(client->provider))
        return VERDICT_AGAIN_AT_ONCE;
    if (aws_is_throttling(response->status, code))
        return VERDICT_AGAIN;
    if (!aws_is_transient(response->status, code))
        return VERDICT_FINAL;
    response->result = request->changes ? AWS_LOST : AWS_UNREACHABLE;
    return request->changes ? VERDICT_FINAL : VERDICT_AGAIN;
}

static enum verdict try_once(struct aws_client *client, const struct aws_request *request,
                             struct aws_deadline *deadline, struct aws_response *response) {
    struct http_transfer *transfer = client->transfer;
    struct curl_slist *headers = NULL;
    aws_response_release(response);
    keep_pace(client, request);
    if (!aws_prepare(client, request, transfer, &headers, &response->message)) {
        curl_slist_free_all(headers);
        response->result = AWS_NO_CREDENTIALS;
        return VERDICT_FINAL;
    }
    int64_t left = deadline->end_ms - monotonic_ms();
    http_timeout(transfer, (long)(left < 1 ? 1 : left < AWS_TRY_MS ? left : AWS_TRY_MS));
    enum http_result result = http_perform(transfer);
    enum verdict verdict = VERDICT_AGAIN;
    deadline->connects_failed = result == HTTP_NOT_SENT ? deadline->connects_failed + 1 : 0;
    if (result == HTTP_COMPLETE) {
        verdict = judge_response(client, request, response);
    } else {
        text_append_format(&response->message, "%s: %s", client->endpoint, transfer->problem);
        bool lost = result == HTTP_LOST && request->changes;
        response->result = lost ? AWS_LOST : AWS_UNREACHABLE;
        bool enough = client->max_connects > 0 && deadline->connects_failed >= client->max_connects;
        /* A response that is too large will be too large again. */
        verdict = lost || enough || transfer->too_large ? VERDICT_FINAL : VERDICT_AGAIN;
    }
    curl_slist_free_all(headers);
    return verdict;
}

enum aws_result aws_send(struct aws_client *client, const struct aws_request *request,
                         struct aws_deadline *deadline, struct aws_response *response) {
    bool corrected = false;
    for (;;) {
        deadline->tries_left--;
        deadline->tries_made++;
        enum verdict verdict = try_once(client, request, deadline, response);
        if (response->result == AWS_DONE)
            give_back_quota(client, deadline);
        if (verdict == VERDICT_FINAL)
            return response->result;
        if (verdict == VERDICT_AGAIN_AT_ONCE && !corrected) {
            corrected = true;
            continue;
        }
        if (!take_quota(client, deadline, client->transfer->timed_out) ||
            !aws_wait_to_retry(client, deadline, aws_retry_after(client->transfer)))
            return response->result;
    }
}
