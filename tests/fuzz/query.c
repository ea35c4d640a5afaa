/* Fuzzes the console's request guard: lines with Host, Origin, Sec-Fetch-Site, Sec-Fetch-Mode and the
 * target. */
#include "fuzz/fuzz.h"

#include "console/request-guard.h"
#include "serve/query.h"

#include <stdlib.h>
#include <string.h>

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef"
enum { PORT = 8600 };

static void require(bool condition) {
    if (!condition)
        abort();
}

static void read_query(struct span query) {
    static const char *const names[] = {"local", "region", "profile", "endpoint-url", "runs", "after"};
    struct text value = TEXT_INIT;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        text_clear(&value);
        if (query_parameter(query, names[i], &value))
            require(strlen(text_string(&value)) == value.length);
    }
    text_clear(&value);
    percent_decode(query, &value);
    text_release(&value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *copy = malloc(length + 1), *rest = copy, *fields[5] = {NULL};
    require(copy != NULL);
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    for (size_t i = 0; i < 5 && rest; i++)
        fields[i] = strsep(&rest, "\n");
    const char *target = fields[4] ? fields[4] : "", *mark = strchrnul(target, '?');
    struct guard_request request = {.host = fields[0],
                                    .origin = fields[1] && *fields[1] ? fields[1] : NULL,
                                    .site = fields[2] && *fields[2] ? fields[2] : NULL,
                                    .mode = fields[3] && *fields[3] ? fields[3] : NULL,
                                    .path = {target, (size_t)(mark - target)}};
    struct span found;
    if (guard_judge(&request, SECRET, PORT, &found) != GUARD_REFUSED)
        require(found.start >= target && found.start + found.length <= mark);
    read_query(span_of(*mark ? mark + 1 : mark));
    free(copy);
    return 0;
}
