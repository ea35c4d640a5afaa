#include "aws/http.h"

#include "util/diagnostics.h"
#include "util/memory.h"
#include "util/version.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool http_start(void) {
    /* The pauses before retries are random, so that many runs on one account do not retry at the same
     * moment. */
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    srandom((unsigned)now.tv_nsec ^ (unsigned)getpid());
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

void http_end(void) {
    curl_global_cleanup();
}

/* ---- libcurl's callbacks ---- */

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
    struct http_transfer *transfer = context;
    size_t length = size * count;
    if (length > transfer->response_limit - transfer->body.length) {
        transfer->too_large = true;
        return 0;
    }
    text_append(&transfer->body, bytes, length);
    return length;
}

/* Called when there is a connection and the request is about to be sent. A second call means that libcurl
 * found the first connection closed and is about to repeat the request by itself. */
static int before_request(void *context, char *remote, char *local, int remote_port, int local_port) {
    struct http_transfer *transfer = context;
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    if (transfer->sent)
        return CURL_PREREQFUNC_ABORT;
    transfer->sent = true;
    return CURL_PREREQFUNC_OK;
}

/* ---- transfers ---- */

static void set_options(struct http_transfer *transfer, const struct http_options *options) {
    CURL *easy = transfer->easy;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->problem);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "power-tune/" POWER_TUNE_VERSION);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    /* The path must be sent as it was signed: the key of an S3 object may contain dot segments. */
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, options->connect_timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, options->timeout_ms);
    /* An invocation may be silent for 15 minutes; the probes keep NAT gateways from dropping the
     * connection. */
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, 30L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPINTVL, 15L);
    /* The server has probably closed a connection that was idle for longer; a request on it would be lost. */
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, 30L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, before_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, transfer);
    if (options->ca_bundle)
        curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_bundle);
}

struct http_transfer *http_transfer_new(const struct http_options *options) {
    struct http_transfer *transfer = memory_zeroed(1, sizeof *transfer);
    transfer->easy = curl_easy_init();
    if (!transfer->easy) {
        report_error("libcurl: out of memory");
        exit(STATUS_FAILED);
    }
    transfer->response_limit = options->response_limit;
    set_options(transfer, options);
    return transfer;
}

void http_transfer_free(struct http_transfer *transfer) {
    curl_easy_cleanup(transfer->easy);
    text_release(&transfer->body);
    free(transfer);
}

void http_timeout(struct http_transfer *transfer, long timeout_ms) {
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, timeout_ms);
}

bool http_prepare(struct http_transfer *transfer, const struct http_request *request) {
    CURL *easy = transfer->easy;
    text_clear(&transfer->body);
    transfer->problem[0] = '\0';
    transfer->reason = "";
    transfer->too_large = false;
    transfer->timed_out = false;
    transfer->sent = false;
    CURLcode code = curl_easy_setopt(easy, CURLOPT_URL, request->url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, request->headers);
    /* With a body, every method is sent as a POST with another method name. */
    if (request->body || strcmp(request->method, "POST") == 0) {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)(request->body ? request->body_length : 0));
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (code != CURLE_OK)
        snprintf(transfer->problem, sizeof transfer->problem, "%s", curl_easy_strerror(code));
    return code == CURLE_OK;
}

enum http_result http_perform(struct http_transfer *transfer) {
    return http_result(transfer, curl_easy_perform(transfer->easy));
}

static const char *reason_of(const struct http_transfer *transfer, CURLcode code) {
    long error = 0;
    if (transfer->too_large)
        return "response too large";
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        return "no response in time";
    case CURLE_PARTIAL_FILE:
        return "connection closed during the response";
    /* On a reused connection, libcurl does not distinguish a reset from a close without a response. */
    case CURLE_GOT_NOTHING:
    case CURLE_ABORTED_BY_CALLBACK:
        return "connection reset";
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
        return !error || error == ECONNRESET || error == EPIPE ? "connection reset" : strerror((int)error);
    default:
        return curl_easy_strerror(code);
    }
}

enum http_result http_result(struct http_transfer *transfer, CURLcode code) {
    if (code == CURLE_OK)
        return HTTP_COMPLETE;
    transfer->timed_out = code == CURLE_OPERATION_TIMEDOUT;
    transfer->reason = reason_of(transfer, code);
    if (transfer->too_large)
        snprintf(transfer->problem, sizeof transfer->problem, "the response is larger than %zu bytes",
                 transfer->response_limit);
    else if (code == CURLE_ABORTED_BY_CALLBACK)
        snprintf(transfer->problem, sizeof transfer->problem,
                 "the connection was closed before the response");
    else if (!transfer->problem[0])
        snprintf(transfer->problem, sizeof transfer->problem, "%s", curl_easy_strerror(code));
    return transfer->sent ? HTTP_LOST : HTTP_NOT_SENT;
}

long http_status(const struct http_transfer *transfer) {
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

const char *http_header(const struct http_transfer *transfer, const char *name) {
    struct curl_header *header;
    if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return NULL;
    return header->value;
}
