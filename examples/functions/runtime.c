#include "runtime.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { EVENT_SIZE = 64 * 1024, RESPONSE_SIZE = 1024, URL_SIZE = 512, ID_SIZE = 128 };

/* An event. Only the beginning of its body is kept. */
struct event {
    char body[EVENT_SIZE];
    size_t length;
    char id[ID_SIZE];
};

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    struct event *event = context;
    size_t length = size * count, room = sizeof event->body - 1 - event->length;
    memcpy(event->body + event->length, bytes, length < room ? length : room);
    event->length += length < room ? length : room;
    event->body[event->length] = '\0';
    return length;
}

static size_t drop_body(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes, (void)context;
    return size * count;
}

static size_t take_header(char *line, size_t size, size_t count, void *context) {
    static const char name[] = "lambda-runtime-aws-request-id:";
    struct event *event = context;
    size_t length = size * count, skip = sizeof name - 1;
    if (length <= skip || strncasecmp(line, name, skip) != 0)
        return length;
    while (skip < length && line[skip] == ' ')
        skip++;
    size_t end = skip;
    while (end < length && line[end] > ' ' && end - skip < ID_SIZE - 1)
        end++;
    memcpy(event->id, line + skip, end - skip);
    event->id[end - skip] = '\0';
    return length;
}

/* The number after "n" in a small JSON object, or 0. This is not a JSON parser: it takes the first "n". */
static long event_number(const char *body) {
    const char *member = strstr(body, "\"n\"");
    const char *colon = member ? strchr(member, ':') : NULL;
    return colon ? strtol(colon + 1, NULL, 10) : 0;
}

static CURLcode next_event(CURL *curl, const char *api, struct event *event) {
    char url[URL_SIZE];
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/next", api);
    *event = (struct event){.length = 0};
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, event);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, event);
    return curl_easy_perform(curl);
}

static CURLcode send_response(CURL *curl, const char *api, const struct event *event, const char *response) {
    char url[URL_SIZE];
    snprintf(url, sizeof url, "http://%s/2018-06-01/runtime/invocation/%s/response", api, event->id);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, response);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(response));
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, NULL);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, NULL);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_body);
    return curl_easy_perform(curl);
}

static CURLcode serve(CURL *curl, const char *api, work *function) {
    static struct event event; /* static, because it is large for a stack */
    for (;;) {
        char response[RESPONSE_SIZE];
        CURLcode result = next_event(curl, api, &event);
        if (result != CURLE_OK)
            return result;
        function(event_number(event.body), response, sizeof response);
        result = send_response(curl, api, &event, response);
        if (result != CURLE_OK)
            return result;
    }
}

int runtime_serve(work *function) {
    const char *api = getenv("AWS_LAMBDA_RUNTIME_API");
    if (!api) {
        fputs("bootstrap: AWS_LAMBDA_RUNTIME_API is not set: this runs inside a Lambda environment\n",
              stderr);
        return EXIT_FAILURE;
    }
    CURL *curl = curl_easy_init();
    if (!curl)
        return EXIT_FAILURE;
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    CURLcode result = serve(curl, api, function);
    fprintf(stderr, "bootstrap: Runtime API: %s\n", curl_easy_strerror(result));
    curl_easy_cleanup(curl);
    return EXIT_FAILURE;
}
