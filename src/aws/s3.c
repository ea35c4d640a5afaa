#include "aws/s3.h"

#include "aws/endpoint.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>

bool s3_parse_uri(const char *uri, struct text *bucket, struct text *key) {
    static const char scheme[] = "s3://";
    if (strncmp(uri, scheme, strlen(scheme)) != 0)
        return false;
    const char *name = uri + strlen(scheme);
    const char *slash = strchr(name, '/');
    if (!slash || slash == name || !slash[1])
        return false;
    text_append(bucket, name, (size_t)(slash - name));
    text_append_string(key, slash + 1);
    return true;
}

/* A bucket is put before the endpoint's host name only when it is a DNS label. A name with dots would not
 * match the certificate, and goes into the path. The host name of a custom endpoint is never changed. */
static bool fits_in_host(const char *bucket, bool custom) {
    size_t length = strlen(bucket);
    return !custom && length >= 3 && length <= 63 &&
           strspn(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-") == length && bucket[0] != '-' &&
           bucket[length - 1] != '-';
}

static struct aws_client *open_client(const struct aws_settings *settings,
                                      struct credentials_provider *provider, const char *region,
                                      const char *bucket, bool *in_host, struct text *problem) {
    struct text url = TEXT_INIT, with_bucket = TEXT_INIT;
    struct aws_client *client = NULL;
    bool custom = false;
    if (endpoint_url(settings, "s3", region, &url, &custom, problem)) {
        *in_host = fits_in_host(bucket, custom);
        const char *host = strstr(url.bytes, "://") + 3;
        if (*in_host)
            text_append_format(&with_bucket, "%.*s%s.%s", (int)(host - url.bytes), url.bytes, bucket, host);
        else
            text_append(&with_bucket, url.bytes, url.length);
        client = aws_client_at(settings, provider, "s3", region, with_bucket.bytes);
    }
    text_release(&url);
    text_release(&with_bucket);
    return client;
}

/* Sends one request to the bucket in `region`. */
static enum aws_result get(const struct aws_settings *settings, struct credentials_provider *provider,
                           const char *region, const char *bucket, const char *key, size_t limit,
                           struct aws_response *response, char **bucket_region) {
    bool in_host = false;
    struct aws_client *client = open_client(settings, provider, region, bucket, &in_host, &response->message);
    if (!client)
        return response->result = AWS_UNREACHABLE;
    client->transfer->response_limit = limit;
    struct text path = TEXT_INIT;
    text_append_byte(&path, '/');
    if (!in_host) {
        uri_encode(bucket, strlen(bucket), false, &path);
        text_append_byte(&path, '/');
    }
    uri_encode(key, strlen(key), true, &path);
    struct aws_request request = {.method = "GET", .path = path.bytes, .unpaced = true};
    struct aws_deadline deadline = aws_deadline_start(client);
    enum aws_result result = aws_send(client, &request, &deadline, response);
    const char *elsewhere = http_header(client->transfer, "x-amz-bucket-region");
    *bucket_region = response->status && elsewhere ? memory_copy_string(elsewhere) : NULL;
    text_release(&path);
    aws_client_free(client);
    return result;
}

bool s3_get_object(const struct aws_settings *settings, struct credentials_provider *provider,
                   const char *region, const char *bucket, const char *key, size_t limit,
                   struct text *content, struct text *problem) {
    struct aws_response response = AWS_RESPONSE_INIT;
    char *bucket_region = NULL, *further = NULL;
    enum aws_result result = get(settings, provider, region, bucket, key, limit, &response, &bucket_region);
    if (result != AWS_DONE && bucket_region && strcmp(bucket_region, region) != 0)
        result = get(settings, provider, bucket_region, bucket, key, limit, &response, &further);
    if (result == AWS_DONE)
        text_append(content, text_string(&response.body), response.body.length);
    else
        aws_describe(&response, problem);
    free(bucket_region);
    free(further);
    aws_response_release(&response);
    return result == AWS_DONE;
}
