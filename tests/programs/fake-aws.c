/* A server that gives out credentials like those of AWS: STS, the container credentials agent, and
 * instance metadata.
 *
 *     fake-aws --log FILE [--lifetime SECONDS] [--no-token] [--authorization VALUE] [--errors N:STATUS:CODE]
 *              [--empty] [--certificate FILE --key FILE]
 *
 * Prints its address on a line and runs until it is ended. Logs each request as a line in FILE: the
 * method, the path, the access key that signed it ("-": unsigned), and the body. The keys that it gives
 * out are numbered.
 *
 * --no-token: an instance without IMDSv2. --authorization: the Authorization header that a container must
 * send. --errors: answer the first N requests with this status and error code; without a code the response
 * has no body. --empty: the responses of STS are empty. With a certificate the server uses TLS. */
#include "util/diagnostics.h"
#include "util/files.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/text.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROLE_PATH "/latest/meta-data/iam/security-credentials/"

struct server {
    int log;
    long long lifetime;
    bool no_token, empty;
    const char *authorization;
    long long errors, error_status;
    const char *error_code;
    int keys; /* number of keys given so far */
    struct text certificate, key;
};

struct answer {
    unsigned int status;
    struct text body;
};

static void append_time(const struct server *server, struct text *out) {
    char text[32];
    time_t when = time(NULL) + (time_t)server->lifetime;
    struct tm utc;
    if (gmtime_r(&when, &utc) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc))
        text_append_string(out, text);
}

static void answer_json(struct server *server, struct answer *answer) {
    int number = ++server->keys;
    text_append_format(&answer->body,
                       "{\"Code\":\"Success\",\"AccessKeyId\":\"ASIA%d\",\"SecretAccessKey\":\"secret%d\","
                       "\"Token\":\"token%d\","
                       "\"Expiration\":\"",
                       number, number, number);
    append_time(server, &answer->body);
    text_append_string(&answer->body, "\"}");
}

static void answer_sts(struct server *server, const char *body, struct answer *answer) {
    if (server->empty) {
        text_append_string(&answer->body, "<Response/>");
        return;
    }
    if (strstr(body, "Action=GetCallerIdentity")) {
        text_append_string(
            &answer->body,
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/a&amp;b"
            "</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>");
        return;
    }
    int number = ++server->keys;
    text_append_format(
        &answer->body,
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n <AssumeRoleResult>\n"
        "  <Credentials><AccessKeyId>ASIA%d</AccessKeyId><SecretAccessKey>secret%d</SecretAccessKey>"
        "<SessionToken>token%d</SessionToken><Expiration>",
        number, number, number);
    append_time(server, &answer->body);
    text_append_string(&answer->body,
                       "</Expiration></Credentials>\n </AssumeRoleResult>\n</AssumeRoleResponse>\n");
}

static void refuse(struct answer *answer, unsigned int status, const char *code) {
    answer->status = status;
    if (!*code)
        return;
    text_append_format(
        &answer->body,
        "<ErrorResponse><Error><Code>%s</Code><Message>as asked for</Message></Error></ErrorResponse>", code);
}

static const char *header(struct MHD_Connection *connection, const char *name) {
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static void answer_metadata(struct server *server, struct MHD_Connection *connection, const char *path,
                            struct answer *answer) {
    const char *token = header(connection, "x-aws-ec2-metadata-token");
    if (!server->no_token && (!token || strcmp(token, "session") != 0))
        refuse(answer, 401, "Unauthorized");
    else if (strcmp(path, ROLE_PATH) == 0)
        text_append_string(&answer->body, "the-role");
    else if (strcmp(path, ROLE_PATH "the-role") == 0)
        answer_json(server, answer);
    else
        refuse(answer, 404, "NotFound");
}

static void answer_container(struct server *server, struct MHD_Connection *connection,
                             struct answer *answer) {
    const char *authorization = header(connection, "Authorization");
    if (server->authorization && (!authorization || strcmp(authorization, server->authorization) != 0))
        refuse(answer, 403, "Forbidden");
    else
        answer_json(server, answer);
}

static void route(struct server *server, struct MHD_Connection *connection, const char *method,
                  const char *path, const char *body, struct answer *answer) {
    const char *seconds = header(connection, "x-aws-ec2-metadata-token-ttl-seconds");
    if (server->errors > 0) {
        server->errors--;
        refuse(answer, (unsigned int)server->error_status, server->error_code);
    } else if (strcmp(method, "PUT") == 0 && strcmp(path, "/latest/api/token") == 0) {
        if (server->no_token)
            refuse(answer, 404, "NotFound");
        else if (!seconds)
            refuse(answer, 400, "BadRequest");
        else
            text_append_string(&answer->body, "session");
    } else if (strncmp(path, "/latest/", 8) == 0) {
        answer_metadata(server, connection, path, answer);
    } else if (strcmp(path, "/container") == 0) {
        answer_container(server, connection, answer);
    } else {
        answer_sts(server, body, answer);
    }
}

/* The access key of an Authorization header, or "-". */
static void append_signer(const char *authorization, struct text *line) {
    const char *start = authorization ? strstr(authorization, "Credential=") : NULL;
    if (start)
        text_append(line, start + 11, strcspn(start + 11, "/"));
    else
        text_append_byte(line, '-');
}

static void write_log(const struct server *server, struct MHD_Connection *connection, const char *method,
                      const char *path, const struct text *body) {
    struct text line = TEXT_INIT;
    text_append_format(&line, "%s %s ", method, path);
    append_signer(header(connection, "Authorization"), &line);
    text_append_format(&line, "%s%s\n", body->length ? " " : "", text_string(body));
    if (write(server->log, line.bytes, line.length) < 0)
        report_error("cannot write the log");
    text_release(&line);
}

static enum MHD_Result respond(struct MHD_Connection *connection, struct answer *answer) {
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.length, (void *)answer->body.bytes, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *data, size_t *size,
                              void **state) {
    struct text *body = *state;
    (void)version;
    if (!body) {
        *state = memory_zeroed(1, sizeof *body);
        return MHD_YES;
    }
    if (*size) {
        text_append(body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    struct answer answer = {200, TEXT_INIT};
    write_log(context, connection, method, path, body);
    route(context, connection, method, path, text_string(body), &answer);
    enum MHD_Result result = respond(connection, &answer);
    text_release(&answer.body);
    return result;
}

static void complete(void *context, struct MHD_Connection *connection, void **state,
                     enum MHD_RequestTerminationCode why) {
    (void)context;
    (void)connection;
    (void)why;
    if (*state)
        text_release(*state);
    free(*state);
    *state = NULL;
}

static void take_errors(const struct option_row *row, char *argument) {
    struct server *server = row->target.any;
    char *status = strchr(argument, ':'), *code = status ? strchr(status + 1, ':') : NULL;
    if (!code)
        option_refuse(row, "'%s' is not N:STATUS:CODE", argument);
    *status++ = *code++ = '\0';
    server->errors = option_whole_number(row, argument, 0, 1000);
    server->error_status = option_whole_number(row, status, 100, 599);
    server->error_code = code;
}

static void take_log(const struct option_row *row, char *path) {
    *(int *)row->target.any = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void take_file(const struct option_row *row, char *path) {
    if (!file_read(path, 1 << 20, row->target.any))
        option_refuse(row, "cannot read '%s'", path);
}

static void parse(int argc, char **argv, struct server *server) {
    static const struct program program = {"fake-aws", "see tests/programs/fake-aws.c\n", "", 0};
    const struct option_row rows[] = {
        OPTION_CALL("log", "FILE", take_log, &server->log, ""),
        OPTION_WHOLE("lifetime", "SECONDS", &server->lifetime, -100000, 100000, ""),
        OPTION_FLAG("no-token", &server->no_token, ""),
        OPTION_STRING("authorization", "VALUE", &server->authorization, ""),
        OPTION_CALL("errors", "N:STATUS:CODE", take_errors, server, ""),
        OPTION_CALL("certificate", "FILE", take_file, &server->certificate, ""),
        OPTION_CALL("key", "FILE", take_file, &server->key, ""),
        OPTION_FLAG("empty", &server->empty, ""),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
}

int main(int argc, char **argv) {
    struct server server = {.log = -1, .lifetime = 3600};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sigset_t ends;
    int received;
    diagnostics_program("fake-aws");
    parse(argc, argv, &server);
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    bool tls = server.certificate.length > 0;
    struct MHD_OptionItem secure[] = {
        {tls ? MHD_OPTION_HTTPS_MEM_CERT : MHD_OPTION_END, 0, server.certificate.bytes},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, server.key.bytes},
        {MHD_OPTION_END, 0, NULL}};
    struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | (tls ? MHD_USE_TLS : 0), 0,
                                                 NULL, NULL, handle, &server, MHD_OPTION_SOCK_ADDR,
                                                 (struct sockaddr *)&address, MHD_OPTION_NOTIFY_COMPLETED,
                                                 complete, NULL, MHD_OPTION_ARRAY, secure, MHD_OPTION_END);
    const union MHD_DaemonInfo *info = daemon ? MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        report_error("cannot start");
        return STATUS_FAILED;
    }
    printf("%s://127.0.0.1:%u\n", tls ? "https" : "http", info->port);
    fflush(stdout);
    sigwait(&ends, &received);
    MHD_stop_daemon(daemon);
    text_release(&server.certificate);
    text_release(&server.key);
    return STATUS_DONE;
}
