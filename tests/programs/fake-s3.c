/* A server that serves objects like S3, from a folder: /BUCKET/KEY is the file DIR/BUCKET/KEY.
 *
 *     fake-s3 --directory DIR --log FILE [--region REGION]
 *
 * Prints its address on a line and runs until it is ended. Logs each request as a line in FILE: the path
 * as sent, the region that it was signed for, and the status. Checks the signatures of the key AKIDEXAMPLE
 * over the path as sent. All buckets are in REGION (default us-east-1): a request signed for another
 * region gets 301 and x-amz-bucket-region. A key that begins with "forbidden" is refused. */
#include "aws/sigv4.h"
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/memory.h"
#include "util/options.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

struct server {
    const char *directory, *region;
    FILE *log;
};

static const char *header(struct MHD_Connection *connection, const char *name) {
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

/* The region of the credential scope, "" when there is none. */
static void signed_region(const char *authorization, char region[64]) {
    region[0] = '\0';
    sscanf(authorization, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%*8[0-9]/%63[^/]/s3/", region);
}

static bool signature_is_right(struct MHD_Connection *connection, const char *path, const char *region) {
    struct sigv4_header headers[] = {{"host", header(connection, "Host")},
                                     {"x-amz-content-sha256", header(connection, "x-amz-content-sha256")},
                                     {"x-amz-date", header(connection, "x-amz-date")}};
    struct sigv4_request request = {.method = "GET",
                                    .path = path,
                                    .query = "",
                                    .headers = headers,
                                    .header_count = 3,
                                    .payload_sha256 = headers[1].value,
                                    .encode_path_once = true,
                                    .keep_path = true};
    struct sigv4_scope scope = {"AKIDEXAMPLE", secret, region, "s3", ""};
    struct sigv4_signer signer = {0};
    struct text authorization = TEXT_INIT;
    snprintf(scope.time, sizeof scope.time, "%s", headers[2].value);
    sigv4_authorization(&signer, &scope, &request, &authorization);
    bool right = strcmp(authorization.bytes, header(connection, "Authorization")) == 0;
    text_release(&authorization);
    return right;
}

static void decode_path(const char *path, struct text *out) {
    for (; *path; path++) {
        unsigned int byte;
        if (*path == '%' && sscanf(path + 1, "%2x", &byte) == 1) {
            text_append_byte(out, (char)byte);
            path += 2;
        } else {
            text_append_byte(out, *path);
        }
    }
}

static unsigned int decide(struct server *server, struct MHD_Connection *connection, const char *path,
                           struct text *body) {
    char region[64];
    struct text file = TEXT_INIT;
    unsigned int status = 200;
    const char *code = NULL;
    signed_region(header(connection, "Authorization"), region);
    text_append_string(&file, server->directory);
    decode_path(path, &file);
    if (strcmp(region, server->region) != 0) {
        status = 301;
        code = "PermanentRedirect";
    } else if (!signature_is_right(connection, path, region)) {
        status = 403;
        code = "SignatureDoesNotMatch";
    } else if (strstr(path, "/forbidden")) {
        status = 403;
        code = "AccessDenied";
    } else if (!file_read(file.bytes, 64 * 1024 * 1024, body)) {
        status = 404;
        code = "NoSuchKey";
    }
    if (code)
        text_append_format(
            body, "<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>as asked</Message></Error>", code);
    fprintf(server->log, "%s %s %u\n", path, region, status);
    fflush(server->log);
    text_release(&file);
    return status;
}

static enum MHD_Result response(void *context, struct MHD_Connection *connection, const char *path,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **state) {
    struct server *server = context;
    struct text body = TEXT_INIT;
    (void)method;
    (void)version;
    (void)upload;
    (void)upload_size;
    (void)state;
    unsigned int status = decide(server, connection, path, &body);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        body.length, (void *)(uintptr_t)text_string(&body), MHD_RESPMEM_MUST_COPY);
    MHD_add_response_header(response, "x-amz-bucket-region", server->region);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    text_release(&body);
    return result;
}

/* Keeps paths as they were sent. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

int main(int argc, char **argv) {
    static const struct program program = {"fake-s3", "see tests/programs/fake-s3.c\n", "", 0};
    struct server server = {NULL, "us-east-1", NULL};
    const char *log = NULL;
    const struct option_row rows[] = {
        OPTION_STRING("directory", "DIR", &server.directory, ""),
        OPTION_STRING("log", "FILE", &log, ""),
        OPTION_STRING("region", "REGION", &server.region, ""),
        OPTION_END,
    };
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    diagnostics_program("fake-s3");
    options_parse(&program, argc, argv, rows);
    server.log = log ? fopen(log, "w") : NULL;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    struct MHD_Daemon *daemon =
        server.directory && server.log
            ? MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, response, &server,
                               MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes,
                               NULL, MHD_OPTION_END)
            : NULL;
    if (!daemon)
        return STATUS_FAILED;
    printf("http://127.0.0.1:%d\n", MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    int received;
    sigwait(&signals, &received);
    MHD_stop_daemon(daemon);
    fclose(server.log);
    return STATUS_DONE;
}
