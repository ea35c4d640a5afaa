/* Reads lines "SERVICE REGION FIPS DUALSTACK GLOBAL" (the last three 0 or 1) and prints the URL of each
 * endpoint, or "-". For STS it prints "URL SIGNING-REGION". */
#include "aws/endpoint.h"
#include "util/lines.h"
#include "util/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void response(const char *line, struct text *out) {
    char service[16], region[80];
    int fips, dualstack, global;
    struct text problem = TEXT_INIT;
    if (sscanf(line, "%15s %79s %d %d %d", service, region, &fips, &dualstack, &global) != 5) {
        text_append_string(out, "not a request");
        return;
    }
    struct aws_settings settings = {.fips = fips, .dualstack = dualstack, .sts_global = global};
    const char *signing_region;
    bool found = true;
    if (strcmp(service, "sts") == 0) {
        found = endpoint_url_of_sts(&settings, region, out, &signing_region, &problem);
        if (found)
            text_append_format(out, " %s", signing_region);
    } else {
        found = endpoint_url(&settings, service, region, out, NULL, &problem);
    }
    if (!found)
        text_append_byte(out, '-');
    text_release(&problem);
}

int main(void) {
    struct line_reader reader;
    struct output output;
    struct span line;
    line_reader_open(&reader, STDIN_FILENO, "standard input");
    output_open(&output, STDOUT_FILENO);
    while (line_reader_next(&reader, &line)) {
        struct text url = TEXT_INIT;
        char *copy = memory_copy(line.start, line.length);
        response(copy, &url);
        output_line(&output, text_string(&url), url.length);
        free(copy);
        text_release(&url);
    }
    line_reader_close(&reader);
    return output_finish(&output, 0);
}
