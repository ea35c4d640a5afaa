/* Credentials from local servers: the container's agent and the instance metadata service. */
#include "aws/credentials/internal.h"
#include "aws/http.h"
#include "util/files.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/url.h"
#include "util/words.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { RESPONSE_LIMIT = 256 * 1024, TOKEN_LIMIT = 64 * 1024 };

static const char *environment(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* Sends one request, never through a proxy. */
static bool fetch(struct http_transfer *transfer, const char *method, const char *url, const char *header,
                  struct text *why) {
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    if (headers && header)
        headers = curl_slist_append(headers, header);
    struct http_request request = {method, url, headers, NULL, 0};
    bool complete = http_prepare(transfer, &request) &&
                    curl_easy_setopt(transfer->easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
                    http_perform(transfer) == HTTP_COMPLETE;
    if (!complete) {
        text_append_url(why, url);
        text_append_format(why, ": %s", transfer->problem);
    }
    curl_slist_free_all(headers);
    return complete;
}

/* ---- containers ---- */

enum { CONTAINER_TIMEOUT_MS = 2000, CONTAINER_TRIES = 3 };

/* Plain HTTP is allowed only where nobody can listen: the loopback addresses, and the addresses of ECS's and
 * EKS's agents. */
static bool is_near(const char *host) {
    static const char *const allowed[] = {"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost"};
    struct in_addr four;
    struct in6_addr six;
    if (WORD_INDEX(host, allowed) >= 0)
        return true;
    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> 24 == 127;
    char *address = host[0] == '[' ? memory_copy(host + 1, strcspn(host + 1, "]")) : memory_copy("", 0);
    bool loopback = inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
    free(address);
    return loopback;
}

static bool is_allowed_url(const char *url) {
    CURLU *parts = curl_url();
    char *host = NULL, *scheme = NULL;
    bool good = false;
    if (parts && !curl_url_set(parts, CURLUPART_URL, url, 0) &&
        !curl_url_get(parts, CURLUPART_HOST, &host, 0) && !curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0))
        good = strcmp(scheme, "https") == 0 || (strcmp(scheme, "http") == 0 && is_near(host));
    curl_free(host);
    curl_free(scheme);
    curl_url_cleanup(parts);
    return good;
}

/* Appends "Authorization: TOKEN", or nothing without a token. False when the token cannot be read or sent. */
static bool append_authorization(struct text *header, struct text *why) {
    const char *path = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    const char *token = environment("AWS_CONTAINER_AUTHORIZATION_TOKEN");
    struct text content = TEXT_INIT;
    bool good = true;
    if (path && !file_read(path, TOKEN_LIMIT, &content)) {
        text_append_format(why, "cannot read '%s': %s", path, strerror(errno));
        good = false;
    }
    if (path)
        token = text_string(&content);
    if (good && token && has_control(token)) {
        text_append_string(why, "the authorization token contains a line break or another control character");
        good = false;
    }
    if (good && token && *token)
        text_append_format(header, "Authorization: %s", token);
    text_wipe(&content);
    return good;
}

static bool fetch_container(const struct source_request *request, const char *url,
                            struct credentials *credentials, struct text *why) {
    struct text header = TEXT_INIT;
    bool good = append_authorization(&header, why);
    struct http_options options = {request->settings->ca_bundle, CONTAINER_TIMEOUT_MS, CONTAINER_TIMEOUT_MS,
                                   RESPONSE_LIMIT};
    struct http_transfer *transfer = http_transfer_new(&options);
    bool found = false;
    for (int tries = 0; good && !found && tries < CONTAINER_TRIES; tries++) {
        text_clear(why);
        if (!fetch(transfer, "GET", url, header.length ? header.bytes : NULL, why))
            continue;
        if (http_status(transfer) != 200) {
            text_append_url(why, url);
            text_append_format(why, ": HTTP status %ld", http_status(transfer));
        } else {
            found = credentials_from_json(text_string(&transfer->body), transfer->body.length, "Token",
                                          credentials, why);
        }
        good = http_status(transfer) >= 500 || http_status(transfer) == 429;
    }
    text_wipe(&transfer->body);
    http_transfer_free(transfer);
    text_wipe(&header);
    return found;
}

enum source_result source_container(const struct source_request *request, struct credentials *credentials,
                                    struct text *why) {
    const char *relative = environment("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    const char *full = environment("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    struct text url = TEXT_INIT;
    enum source_result result = SOURCE_FAILED;
    if (!relative && !full) {
        text_append_string(why, "not in a container");
        return SOURCE_ABSENT;
    }
    if (relative)
        text_append_format(&url, "http://169.254.170.2%s", relative);
    else
        text_append_string(&url, full);
    if (!is_allowed_url(url.bytes)) {
        text_append_format(why, "AWS_CONTAINER_CREDENTIALS_%s_URI: '", relative ? "RELATIVE" : "FULL");
        text_append_url(why, url.bytes);
        text_append_string(why, "' is neither https nor this machine");
    } else if (fetch_container(request, url.bytes, credentials, why)) {
        result = SOURCE_FOUND;
    }
    if (result == SOURCE_FOUND)
        credentials->source = memory_copy_string("container");
    text_release(&url);
    return result;
}

/* ---- instance metadata ---- */

#define ROLE_PATH "latest/meta-data/iam/security-credentials/"

struct metadata {
    struct http_transfer *transfer;
    struct text base; /* the service's URL, with a slash at its end */
    struct text token_header;
    int tries;
    bool version_1; /* may be used without a session token */
};

static long positive(const struct aws_settings *settings, const char *variable, const char *name) {
    const char *value = settings_value(settings, variable, name);
    long long number = 1;
    if (value)
        parse_whole_number(value, 1, 60, &number);
    return (long)number;
}

static struct metadata metadata_open(const struct aws_settings *settings) {
    const char *endpoint =
        settings_value(settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint");
    const char *mode = settings_value(settings, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
                                      "ec2_metadata_service_endpoint_mode");
    bool six =
        mode ? strcasecmp(mode, "ipv6") == 0 : settings_flag(settings, "AWS_IMDS_USE_IPV6", "imds_use_ipv6");
    long timeout = 1000 * positive(settings, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout");
    struct http_options options = {NULL, timeout, timeout, RESPONSE_LIMIT};
    struct metadata metadata = {
        .transfer = http_transfer_new(&options),
        .tries =
            (int)positive(settings, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"),
        .version_1 = !settings_flag(settings, "AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled")};
    text_append_string(&metadata.base, endpoint ? endpoint
                                       : six    ? "http://[fd00:ec2::254]"
                                                : "http://169.254.169.254");
    if (metadata.base.bytes[metadata.base.length - 1] != '/')
        text_append_byte(&metadata.base, '/');
    return metadata;
}

static void metadata_close(struct metadata *metadata) {
    text_wipe(&metadata->transfer->body);
    http_transfer_free(metadata->transfer);
    text_release(&metadata->base);
    text_wipe(&metadata->token_header);
}

/* Requests one path, with the configured number of tries; true after a 200 with a body. */
static bool metadata_get(struct metadata *metadata, const char *method, const char *path, const char *header,
                         struct text *why) {
    struct text url = TEXT_INIT;
    bool good = false;
    text_append_format(&url, "%s%s", metadata->base.bytes, path);
    for (int tries = 0; !good && tries < metadata->tries; tries++) {
        text_clear(why);
        if (!fetch(metadata->transfer, method, url.bytes, header, why))
            continue;
        good = http_status(metadata->transfer) == 200 && metadata->transfer->body.length;
        if (!good)
            text_append_format(why, "HTTP status %ld", http_status(metadata->transfer));
    }
    text_release(&url);
    return good;
}

/* Gets a session token (IMDSv2). When the service has none, the requests are sent without it, unless
 * AWS_EC2_METADATA_V1_DISABLED forbids that. */
static bool metadata_token(struct metadata *metadata, struct text *why) {
    if (metadata_get(metadata, "PUT", "latest/api/token", "x-aws-ec2-metadata-token-ttl-seconds: 21600",
                     why)) {
        const char *token = text_string(&metadata->transfer->body);
        text_append_format(&metadata->token_header, "x-aws-ec2-metadata-token: %.*s",
                           (int)strcspn(token, "\r\n"), token);
        return true;
    }
    return metadata->version_1 && http_status(metadata->transfer) != 400;
}

/* During an outage the service returns credentials that have expired. AWS then accepts them for some more
 * time. */
static void extend(struct credentials *credentials, time_t now) {
    enum { WINDOW_SECONDS = 15 * 60 };
    if (credentials->expiration - now < WINDOW_SECONDS)
        credentials->expiration = now + WINDOW_SECONDS;
}

static bool metadata_credentials(struct metadata *metadata, struct credentials *credentials,
                                 struct text *why) {
    struct text path = TEXT_INIT;
    const char *header = metadata->token_header.length ? metadata->token_header.bytes : NULL;
    bool good = metadata_get(metadata, "GET", ROLE_PATH, header, why);
    if (good) {
        const char *role = text_string(&metadata->transfer->body);
        text_append_format(&path, ROLE_PATH "%.*s", (int)strcspn(role, "\r\n"), role);
        good = metadata_get(metadata, "GET", path.bytes, header, why) &&
               credentials_from_json(metadata->transfer->body.bytes, metadata->transfer->body.length, "Token",
                                     credentials, why);
    }
    text_release(&path);
    return good;
}

enum source_result source_instance(const struct source_request *request, struct credentials *credentials,
                                   struct text *why) {
    const char *disabled = environment("AWS_EC2_METADATA_DISABLED");
    if (disabled && strcasecmp(disabled, "true") == 0) {
        text_append_string(why, "disabled by AWS_EC2_METADATA_DISABLED");
        return SOURCE_ABSENT;
    }
    struct metadata metadata = metadata_open(request->settings);
    bool found = metadata_token(&metadata, why) && metadata_credentials(&metadata, credentials, why);
    metadata_close(&metadata);
    if (!found)
        return SOURCE_ABSENT;
    text_clear(why);
    extend(credentials, request->now);
    credentials->source = memory_copy_string("instance metadata");
    return SOURCE_FOUND;
}
