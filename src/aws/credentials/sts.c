#include "aws/credentials/sts.h"

#include "aws/client.h"
#include "aws/credentials/internal.h"
#include "aws/endpoint.h"
#include "aws/http.h"
#include "aws/sigv4.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

#define FORM_TYPE "application/x-www-form-urlencoded; charset=utf-8"

enum { RESPONSE_LIMIT = 256 * 1024, MAX_CONNECTS = 3 };

/* ---- the request ---- */

static void put_parameter(struct text *body, const char *name, const char *value) {
    if (!value)
        return;
    text_append_format(body, "&%s=", name);
    uri_encode(value, strlen(value), false, body);
}

static void role_body(const char *action, const struct sts_role *role, const char *token, struct text *body) {
    text_append_format(body, "Action=%s&Version=2011-06-15", action);
    put_parameter(body, "RoleArn", role->role_arn);
    put_parameter(body, "RoleSessionName", role->session_name);
    put_parameter(body, "ExternalId", role->external_id);
    put_parameter(body, "DurationSeconds", role->duration_seconds);
    put_parameter(body, "SerialNumber", role->serial_number);
    put_parameter(body, "TokenCode", role->token_code);
    put_parameter(body, "WebIdentityToken", token);
}

/* Without a region, the partition of the role decides; in the partition "aws" it is the global endpoint. */
static const char *sts_region(const struct aws_settings *settings, const char *role_arn) {
    static const char *const partitions[][2] = {
        {"arn:aws-cn:", "cn-northwest-1"},    {"arn:aws-us-gov:", "us-gov-west-1"},
        {"arn:aws-iso:", "us-iso-east-1"},    {"arn:aws-iso-b:", "us-isob-east-1"},
        {"arn:aws-iso-e:", "eu-isoe-west-1"}, {"arn:aws-iso-f:", "us-isof-south-1"},
        {"arn:aws-eusc:", "eusc-de-east-1"}};
    for (size_t i = 0; !settings->region && i < sizeof partitions / sizeof *partitions; i++)
        if (strncmp(role_arn, partitions[i][0], strlen(partitions[i][0])) == 0)
            return partitions[i][1];
    return settings->region ? settings->region : "aws-global";
}

static struct aws_client *sts_client(const struct aws_settings *settings,
                                     struct credentials_provider *provider, const char *region,
                                     struct text *problem) {
    struct text url = TEXT_INIT;
    const char *signing_region;
    struct aws_client *client = NULL;
    if (endpoint_url_of_sts(settings, region, &url, &signing_region, problem))
        client = aws_client_at(settings, provider, "sts", signing_region, url.bytes);
    text_release(&url);
    return client;
}

/* ---- the response: XML; the elements of interest have no attributes ---- */

static void append_unescaped(const char *at, size_t length, struct text *out) {
    static const struct {
        const char *entity;
        char byte;
    } entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
    const char *end = at + length;
    while (at < end) {
        size_t used = 0;
        for (size_t i = 0; *at == '&' && i < sizeof entities / sizeof *entities; i++) {
            size_t size = strlen(entities[i].entity);
            if ((size_t)(end - at) >= size && memcmp(at, entities[i].entity, size) == 0) {
                text_append_byte(out, entities[i].byte);
                used = size;
            }
        }
        if (!used)
            text_append_byte(out, *at);
        at += used ? used : 1;
    }
}

static char *element(const char *body, const char *name) {
    char tag[40];
    snprintf(tag, sizeof tag, "<%s>", name);
    const char *start = strstr(body, tag);
    if (!start)
        return NULL;
    start += strlen(tag);
    struct text content = TEXT_INIT;
    append_unescaped(start, strcspn(start, "<"), &content);
    char *copy = memory_copy_string(text_string(&content));
    text_release(&content);
    return copy;
}

static bool read_credentials(const char *body, struct credentials *credentials, struct text *problem) {
    struct credentials got = {.access_key_id = element(body, "AccessKeyId"),
                              .secret_access_key = element(body, "SecretAccessKey"),
                              .session_token = element(body, "SessionToken")};
    char *expiration = element(body, "Expiration");
    got.expiration = expiration ? parse_timestamp(expiration) : -1;
    free(expiration);
    if (!got.access_key_id || !got.secret_access_key || !got.session_token || got.expiration < 0) {
        credentials_wipe(&got);
        text_append_string(problem, "the response of STS contains no credentials");
        return false;
    }
    got.source = credentials->source;
    *credentials = got;
    return true;
}

/* ---- the operations ---- */

static bool send_signed(struct aws_client *client, const struct text *body, bool once,
                        struct aws_response *response, struct text *problem) {
    struct aws_request request = {.method = "POST",
                                  .path = "/",
                                  .body = text_string(body),
                                  .body_length = body->length,
                                  .content_type = FORM_TYPE,
                                  .changes = once,
                                  .unpaced = true};
    struct aws_deadline deadline = aws_deadline_start(client);
    if (aws_send(client, &request, &deadline, response) == AWS_DONE)
        return true;
    aws_describe(response, problem);
    return false;
}

bool sts_assume_role(const struct aws_settings *settings, struct credentials_provider *source,
                     const struct sts_role *role, struct credentials *credentials, struct text *problem) {
    struct aws_client *client = sts_client(settings, source, sts_region(settings, role->role_arn), problem);
    if (!client)
        return false;
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text body = TEXT_INIT;
    role_body("AssumeRole", role, NULL, &body);
    /* An MFA code is valid for one request only. */
    bool done = send_signed(client, &body, role->token_code != NULL, &response, problem) &&
                read_credentials(text_string(&response.body), credentials, problem);
    text_wipe(&body);
    text_wipe(&response.body);
    aws_response_release(&response);
    aws_client_free(client);
    return done;
}

/* Makes one try without a signature; true when another try may succeed. */
static bool try_unsigned(struct http_transfer *transfer, const struct http_request *request,
                         struct credentials *credentials, bool *done, struct text *problem) {
    text_clear(problem);
    *done = false;
    if (!http_prepare(transfer, request) || http_perform(transfer) != HTTP_COMPLETE) {
        text_append_format(problem, "%s: %s", request->url, transfer->problem);
        return true;
    }
    if (http_status(transfer) == 200) {
        *done = read_credentials(text_string(&transfer->body), credentials, problem);
        return false;
    }
    struct aws_response response = AWS_RESPONSE_INIT;
    response.status = http_status(transfer);
    aws_read_error(transfer, &response.code, &response.message, &response.reason);
    aws_describe(&response, problem);
    const char *code = text_string(&response.code);
    bool again = aws_is_transient(response.status, code) || aws_is_throttling(response.status, code) ||
                 strcmp(code, "IDPCommunicationError") == 0;
    aws_response_release(&response);
    return again;
}

bool sts_assume_role_with_web_identity(const struct aws_settings *settings, const struct sts_role *role,
                                       const char *token, struct credentials *credentials,
                                       struct text *problem) {
    struct aws_client *client = sts_client(settings, NULL, sts_region(settings, role->role_arn), problem);
    if (!client)
        return false;
    struct http_options options = aws_http_options(client, AWS_TRY_MS, RESPONSE_LIMIT);
    struct http_transfer *transfer = http_transfer_new(&options);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: " FORM_TYPE);
    struct text body = TEXT_INIT, url = TEXT_INIT;
    role_body("AssumeRoleWithWebIdentity", role, token, &body);
    text_append_format(&url, "%s/", client->endpoint);
    struct http_request request = {"POST", url.bytes, headers, body.bytes, body.length};
    struct aws_deadline deadline = aws_deadline_start(client);
    if (deadline.tries_left > 3)
        deadline.tries_left = 3;
    struct text why = TEXT_INIT;
    bool done = false, again;
    do {
        deadline.tries_left--;
        deadline.tries_made++;
        again = try_unsigned(transfer, &request, credentials, &done, &why);
    } while (again && aws_wait_to_retry(client, &deadline, aws_retry_after(transfer)));
    if (!done)
        text_append_string(problem, text_string(&why));
    text_release(&why);
    text_wipe(&body);
    text_wipe(&transfer->body);
    text_release(&url);
    curl_slist_free_all(headers);
    http_transfer_free(transfer);
    aws_client_free(client);
    return done;
}

bool sts_caller_identity(const struct aws_settings *settings, struct credentials_provider *provider,
                         const char *region, struct text *arn, struct text *problem) {
    region = region ? region : "aws-global";
    struct aws_client *client = settings->endpoint_url
                                    ? aws_client_new(settings, provider, "sts", region, problem)
                                    : sts_client(settings, provider, region, problem);
    if (!client)
        return false;
    client->max_connects = MAX_CONNECTS;
    struct aws_response response = AWS_RESPONSE_INIT;
    struct text body = TEXT_INIT;
    text_append_string(&body, "Action=GetCallerIdentity&Version=2011-06-15");
    bool done = send_signed(client, &body, false, &response, problem);
    char *found = done ? element(text_string(&response.body), "Arn") : NULL;
    if (found)
        text_append_string(arn, found);
    else if (done)
        text_append_string(problem, "the response of STS contains no ARN");
    done = found != NULL;
    free(found);
    text_release(&body);
    aws_response_release(&response);
    aws_client_free(client);
    return done;
}
