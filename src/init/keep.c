#include "init/keep.h"

#include "util/diagnostics.h"
#include "util/files.h"
#include "util/json.h"

#include <errno.h>
#include <string.h>

static void append_without_payload(struct span input, struct text *out) {
    struct json_cursor cursor = json_cursor(input);
    struct span name, value;
    text_append_byte(out, '{');
    while (json_next_member(&cursor, &name, &value)) {
        if (json_string_is(name, "payload"))
            continue;
        json_put_member(out, name, value);
    }
    text_append_byte(out, '}');
}

bool keep_file(const char *run_dir, const char *name, const struct text *content) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", run_dir, name);
    bool kept = file_write_durably(path.bytes, content->bytes, content->length);
    if (!kept)
        report_error("cannot write '%s': %s", path.bytes, strerror(errno));
    text_release(&path);
    return kept;
}

bool keep_input(const char *run_dir, struct span input, bool without_payload) {
    struct text content = TEXT_INIT;
    if (without_payload)
        append_without_payload(input, &content);
    else
        text_append(&content, input.start, input.length);
    text_append_byte(&content, '\n');
    bool kept = keep_file(run_dir, "input.json", &content);
    text_release(&content);
    return kept;
}

bool keep_prices(const char *run_dir, struct span prices) {
    struct text content = TEXT_INIT;
    text_append(&content, prices.start, prices.length);
    text_append_byte(&content, '\n');
    bool kept = keep_file(run_dir, "prices.json", &content);
    text_release(&content);
    return kept;
}
