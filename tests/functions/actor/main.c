/* A function for tests. Does what each member of its event says:
 *
 *     {"log":"text"}          prints a line on standard output
 *     {"print":"text"}        prints the text without a newline
 *     {"sleep":MS}            waits
 *     {"cpu":MS}              uses processor time
 *     {"memory":MB}           allocates memory and keeps it
 *     {"child":MB}            allocates memory in a child process, and waits for the child
 *     {"brief":MB}            allocates memory in a child process that ends at once
 *     {"append":"PATH"}       appends a line with the request id to a file
 *     {"daemon":true}         starts a process in a session of its own that never ends
 *     {"killall":true}        kills every process that it can; only for use in a PID namespace
 *     {"spin":true}           starts a thread that uses the processor for ever
 *     {"exit":CODE}           exits
 *     {"signal":N}            ends by a signal
 *     {"error":"Type"}        responds with an error
 *     {"bytes":N}             responds with a string of N bytes
 *     {"answer":"TEXT"}       responds with the text, unchanged
 *     {"fail":"TEXT"}         responds with the text as an error
 *     {"env":"NAME"}          responds with the value of a variable
 *     {"names":true}          responds with the names of all variables
 *     {"headers":true}        responds with the header fields that the Runtime API sent with the event
 *     {"cwd":true}            responds with its working directory
 *     {"call":"METHOD PATH"}  responds with the status of that request to the Runtime API
 *     {"file":"PATH"}         responds with the content of a file
 *
 * Responds with the event itself if no member gives a response. The variable ACTOR_INIT contains an event
 * for the init phase; {"error":...} in it is an init error. */
#include "util/files.h"
#include "util/json.h"
#include "util/memory.h"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

struct actor {
    CURL *curl;
    const char *api;
    struct text event, headers, response;
    char id[128];
    bool failed;
};

/* ---- the Runtime API ---- */

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    text_append(context, bytes, size * count);
    return size * count;
}

static size_t take_header(char *line, size_t size, size_t count, void *context) {
    struct actor *actor = context;
    size_t length = size * count;
    if (length > 7 && strncasecmp(line, "lambda-", 7) == 0)
        text_append(&actor->headers, line, length);
    if (length > 31 && strncasecmp(line, "lambda-runtime-aws-request-id:", 30) == 0)
        snprintf(actor->id, sizeof actor->id, "%.36s", line + 31);
    return length;
}

static long call(struct actor *actor, const char *method, const char *path, const struct text *body,
                 struct text *response) {
    char url[512];
    long status = 0;
    snprintf(url, sizeof url, "http://%s%s", actor->api, path);
    curl_easy_reset(actor->curl);
    curl_easy_setopt(actor->curl, CURLOPT_URL, url);
    curl_easy_setopt(actor->curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(actor->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(actor->curl, CURLOPT_WRITEDATA, response);
    curl_easy_setopt(actor->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(actor->curl, CURLOPT_HEADERDATA, actor);
    if (strcmp(method, "POST") == 0) {
        curl_easy_setopt(actor->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(actor->curl, CURLOPT_POSTFIELDS, text_string(body));
        curl_easy_setopt(actor->curl, CURLOPT_POSTFIELDSIZE, (long)body->length);
    }
    if (curl_easy_perform(actor->curl) != CURLE_OK)
        return 0;
    curl_easy_getinfo(actor->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

/* ---- what it can do ---- */

static void wait_for(long milliseconds) {
    struct timespec left = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    while (nanosleep(&left, &left) != 0)
        ;
}

static void use_processor(double milliseconds) {
    struct timespec used;
    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    while ((double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6 < milliseconds);
}

static double processor_used(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec * 1e3 + (double)used.tv_nsec / 1e6;
}

static void touch_memory(long megabytes) {
    size_t length = (size_t)megabytes * 1024 * 1024;
    volatile char *memory = malloc(length);
    for (size_t at = 0; memory && at < length; at += 4096)
        memory[at] = 1;
}

static void touch_in_child(long megabytes, long milliseconds) {
    pid_t child = fork();
    if (child == 0) {
        touch_memory(megabytes);
        wait_for(milliseconds);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void leave_daemon(void) {
    if (fork() != 0)
        return;
    setsid();
    if (fork() != 0)
        _exit(0);
    for (;;)
        pause();
}

static void *spin(void *unused) {
    for (;;)
        (void)unused;
    return NULL;
}

static void say(const char *text, bool whole_line) {
    fputs(text, stdout);
    if (whole_line)
        putchar('\n');
    fflush(stdout);
}

static void put_bytes(struct actor *actor, long count) {
    text_append_byte(&actor->response, '"');
    char *end = text_extend(&actor->response, (size_t)count);
    memset(end, 'x', (size_t)count);
    text_extended(&actor->response, (size_t)count);
    text_append_byte(&actor->response, '"');
}

static void put_response(struct actor *actor, const char *text) {
    json_append_string(&actor->response, span_of(text ? text : "(not set)"));
}

static void put_names(struct actor *actor) {
    text_append_byte(&actor->response, '[');
    for (char **entry = environ; *entry; entry++) {
        json_separate(&actor->response);
        json_append_string(&actor->response, (struct span){*entry, strcspn(*entry, "=")});
    }
    text_append_byte(&actor->response, ']');
}

static void put_error(struct actor *actor, const char *type) {
    actor->failed = true;
    text_append_byte(&actor->response, '{');
    json_put_string(&actor->response, "errorType", type);
    json_put_string(&actor->response, "errorMessage", "asked for");
    text_append_byte(&actor->response, '}');
}

static void put_text(struct actor *actor, const char *text, bool failed) {
    actor->failed = failed;
    text_append_string(&actor->response, text);
}

static void put_call(struct actor *actor, char *text) {
    struct text response = TEXT_INIT, body = TEXT_INIT;
    char *path = strchr(text, ' ');
    if (path) {
        *path++ = '\0';
        text_append_format(&actor->response, "[%ld,", call(actor, text, path, &body, &response));
        json_append_string(&actor->response, (struct span){text_string(&response), response.length});
        text_append_byte(&actor->response, ']');
    }
    text_release(&response);
}

static void put_file(struct actor *actor, const char *path) {
    struct text content = TEXT_INIT;
    bool read = file_read(path, 1 << 20, &content);
    put_response(actor, read ? text_string(&content) : "(cannot be read)");
    text_release(&content);
}

static void append_line(const struct actor *actor, const char *path) {
    FILE *file = fopen(path, "ae");
    if (!file)
        return;
    fprintf(file, "%s\n", actor->id);
    fclose(file);
}

static void put_cwd(struct actor *actor) {
    char path[4096];
    put_response(actor, getcwd(path, sizeof path));
}

/* ---- events ---- */

static void do_number(struct span name, long number) {
    if (json_string_is(name, "sleep"))
        wait_for(number);
    else if (json_string_is(name, "cpu"))
        use_processor(processor_used() + (double)number);
    else if (json_string_is(name, "memory"))
        touch_memory(number);
    else if (json_string_is(name, "child"))
        touch_in_child(number, 300);
    else if (json_string_is(name, "brief"))
        touch_in_child(number, 0);
    else if (json_string_is(name, "exit"))
        exit((int)number);
    else if (json_string_is(name, "signal"))
        raise((int)number);
}

static void do_text(struct actor *actor, struct span name, char *text) {
    if (json_string_is(name, "log"))
        say(text, true);
    else if (json_string_is(name, "print"))
        say(text, false);
    else if (json_string_is(name, "error"))
        put_error(actor, text);
    else if (json_string_is(name, "fail") || json_string_is(name, "answer"))
        put_text(actor, text, json_string_is(name, "fail"));
    else if (json_string_is(name, "env"))
        put_response(actor, getenv(text));
    else if (json_string_is(name, "call"))
        put_call(actor, text);
    else if (json_string_is(name, "append"))
        append_line(actor, text);
    else if (json_string_is(name, "file"))
        put_file(actor, text);
}

static void do_flag(struct actor *actor, struct span name) {
    pthread_t thread;
    if (json_string_is(name, "daemon"))
        leave_daemon();
    else if (json_string_is(name, "spin"))
        pthread_create(&thread, NULL, spin, NULL);
    else if (json_string_is(name, "killall") && getppid() == 0) /* its parent is outside */
        kill(-1, SIGKILL);
    else if (json_string_is(name, "names"))
        put_names(actor);
    else if (json_string_is(name, "cwd"))
        put_cwd(actor);
    else if (json_string_is(name, "headers"))
        put_response(actor, text_string(&actor->headers));
}

static void act(struct actor *actor, struct span event) {
    struct span value, name, member;
    if (!json_check(event, &value, NULL))
        return;
    struct json_cursor cursor = json_cursor(value);
    while (json_type(value) == JSON_OBJECT && json_next_member(&cursor, &name, &member)) {
        struct text text = TEXT_INIT;
        if (json_string_is(name, "bytes"))
            put_bytes(actor, (long)json_number(member));
        else if (json_type(member) == JSON_NUMBER)
            do_number(name, (long)json_number(member));
        else if (json_type(member) == JSON_TRUE)
            do_flag(actor, name);
        else if (json_type(member) == JSON_STRING && (json_decode_string(member, &text) || true)) {
            text_append_byte(&text, '\0');
            do_text(actor, name, text.bytes);
        }
        text_release(&text);
    }
}

static void initialise(struct actor *actor) {
    struct text said = TEXT_INIT;
    const char *event = getenv("ACTOR_INIT");
    if (!event)
        return;
    act(actor, span_of(event));
    if (actor->failed) {
        call(actor, "POST", "/2018-06-01/runtime/init/error", &actor->response, &said);
        exit(1);
    }
    text_clear(&actor->response);
}

static bool serve_one(struct actor *actor) {
    char path[256];
    struct text said = TEXT_INIT;
    text_clear(&actor->event);
    text_clear(&actor->headers);
    text_clear(&actor->response);
    actor->failed = false;
    if (call(actor, "GET", "/2018-06-01/runtime/invocation/next", NULL, &actor->event) != 200)
        return false;
    act(actor, (struct span){text_string(&actor->event), actor->event.length});
    const struct text *response = actor->response.length ? &actor->response : &actor->event;
    snprintf(path, sizeof path, "/2018-06-01/runtime/invocation/%s/%s", actor->id,
             actor->failed ? "error" : "response");
    call(actor, "POST", path, response, &said);
    text_release(&said);
    return true;
}

int main(void) {
    struct actor actor = {.curl = curl_easy_init(), .api = getenv("AWS_LAMBDA_RUNTIME_API")};
    if (!actor.curl || !actor.api)
        return 1;
    initialise(&actor);
    while (serve_one(&actor))
        ;
    return 1;
}
