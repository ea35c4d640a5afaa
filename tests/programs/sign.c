/* Signs requests: reads a JSON object per line, prints the Authorization header of each.
 *
 *     {"method":S,"path":S,"query":S,"headers":["Name:value",...],"payloadSha256":S,"accessKeyId":S,
 *      "secretAccessKey":S,"region":S,"service":S,"time":S}
 */
#include "aws/sigv4.h"
#include "util/json.h"
#include "util/lines.h"
#include "util/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_HEADERS = 16 };

static char *string_of(struct span token) {
    struct text content = TEXT_INIT;
    json_decode_string(token, &content);
    char *string = memory_copy_string(text_string(&content));
    text_release(&content);
    return string;
}

static char *member(struct span object, const char *name) {
    struct span value = {"\"\"", 2};
    json_member(object, name, &value);
    return string_of(value);
}

static size_t read_headers(struct span object, struct sigv4_header *headers, char **lines) {
    struct span list = {NULL, 0}, token;
    size_t count = 0;
    json_member(object, "headers", &list);
    struct json_cursor cursor = json_cursor(list);
    while (count < MAX_HEADERS && json_next_element(&cursor, &token)) {
        lines[count] = string_of(token);
        char *colon = strchr(lines[count], ':');
        if (colon)
            *colon = '\0';
        headers[count] = (struct sigv4_header){lines[count], colon ? colon + 1 : ""};
        count++;
    }
    return count;
}

static void sign(struct sigv4_signer *signer, struct span object, struct text *authorization) {
    static const char *const names[] = {"method",        "path",        "query",
                                        "payloadSha256", "accessKeyId", "secretAccessKey",
                                        "region",        "service",     "time"};
    enum { METHOD, PATH, QUERY, PAYLOAD, ID, SECRET, REGION, SERVICE, TIME, STRINGS };
    char *strings[STRINGS], *lines[MAX_HEADERS];
    struct sigv4_header headers[MAX_HEADERS];
    size_t count = read_headers(object, headers, lines);
    for (size_t i = 0; i < STRINGS; i++)
        strings[i] = member(object, names[i]);
    bool s3 = strcmp(strings[SERVICE], "s3") == 0;
    struct sigv4_request request = {
        strings[METHOD], strings[PATH], strings[QUERY], headers, count, strings[PAYLOAD], s3, s3};
    struct sigv4_scope scope = {strings[ID], strings[SECRET], strings[REGION], strings[SERVICE], ""};
    strncat(scope.time, strings[TIME], sizeof scope.time - 1);
    sigv4_authorization(signer, &scope, &request, authorization);
    for (size_t i = 0; i < STRINGS; i++)
        free(strings[i]);
    for (size_t i = 0; i < count; i++)
        free(lines[i]);
}

int main(void) {
    struct sigv4_signer signer = {{0}, {0}};
    struct line_reader reader;
    struct output output;
    struct span line, object;
    struct text authorization = TEXT_INIT;
    line_reader_open(&reader, STDIN_FILENO, "standard input");
    output_open(&output, STDOUT_FILENO);
    while (line_reader_next(&reader, &line)) {
        text_clear(&authorization);
        if (json_check(line, &object, NULL))
            sign(&signer, object, &authorization);
        output_line(&output, text_string(&authorization), authorization.length);
    }
    line_reader_close(&reader);
    text_release(&authorization);
    return output_finish(&output, 0);
}
