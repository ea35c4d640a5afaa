/* Fuzzes pt-local's check of request signatures: lines with the method, the path, the query and the header
 * fields, an empty line, the body. */
#include "fuzz/fuzz.h"

/* Replaces the HTTP server: header fields come from the input, and an error is only recorded. */
#define httpd_header fuzz_header
#define httpd_server_port fuzz_port
#define api_fail fuzz_fail
#include "serve/host.c"
#include "local/api/verify.c"
#undef api_fail

enum { MAX_FIELDS = 32, NOW = 1705314600 }; /* 2024-01-15T10:30:00Z */

static struct { char *name, *value; } fields[MAX_FIELDS];
static size_t field_count;

const char *fuzz_header(const struct httpd_request *request, const char *name) {
    (void)request;
    for (size_t i = 0; i < field_count; i++)
        if (strcasecmp(fields[i].name, name) == 0)
            return fields[i].value;
    return NULL;
}

int fuzz_port(const struct httpd_server *server) {
    (void)server;
    return 80;
}

void fuzz_fail(struct api_request *api_request, const char *type, const char *format, ...) {
    (void)format;
    api_request->error = type;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *copy = malloc(length + 1), *rest = copy, *line;
    if (!copy)
        abort();
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    static char id[] = "AKIDEXAMPLE", secret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const char *hosts[] = {"127.0.0.1"};
    struct server server = {.settings = {.region = "us-east-1",
                                         .verify = true,
                                         .keys = {.access_key_id = id, .secret_access_key = secret},
                                         .hosts = hosts,
                                         .host_count = 1}};
    struct httpd_request request = {.method = span_of("")};
    struct span *const parts[] = {&request.method, &request.path, &request.query};
    for (size_t i = 0; i < 3; i++)
        *parts[i] = span_of(rest ? strsep(&rest, "\n") : "");
    field_count = 0;
    while ((line = strsep(&rest, "\n")) && *line && field_count < MAX_FIELDS) {
        fields[field_count].name = strsep(&line, ":");
        fields[field_count].value = line ? line + strspn(line, " ") : (char *)"";
        field_count++;
    }
    if (rest)
        text_append_string(&request.body, rest);
    request.body_length = request.body.length;
    struct api_request api_request = {.server = &server, .http = &request};
    if (verify_request(&api_request, NOW) == (api_request.error != NULL))
        abort();
    text_release(&request.body);
    free(copy);
    return 0;
}
