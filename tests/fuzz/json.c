/* Fuzzes the JSON scanner: each part of an accepted text must be accepted by itself. */
#include "fuzz/fuzz.h"

#include "util/json.h"
#include "util/text.h"

#include <stdlib.h>

enum { MAX_DEPTH = 64 };

static void require(bool condition) {
    if (!condition)
        abort();
}

static void walk(struct span value, int depth) {
    struct json_cursor cursor = json_cursor(value);
    struct span name, part;
    require(json_check(value, NULL, NULL));
    if (depth == MAX_DEPTH)
        return;
    switch (json_type(value)) {
    case JSON_OBJECT:
        while (json_next_member(&cursor, &name, &part)) {
            require(json_type(name) == JSON_STRING);
            walk(part, depth + 1);
        }
        break;
    case JSON_ARRAY:
        while (json_next_element(&cursor, &part))
            walk(part, depth + 1);
        break;
    case JSON_STRING: {
        struct text text = TEXT_INIT;
        json_decode_string(value, &text);
        text_release(&text);
        break;
    }
    case JSON_NUMBER: {
        long long number;
        require(!json_whole_number(value, &number) || json_number(value) == (double)number);
        break;
    }
    default:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span text = {(const char *)bytes, length}, value;
    struct json_error error = {0, NULL};
    if (json_check(text, &value, &error)) {
        require(value.length && value.start >= text.start &&
                value.start + value.length <= text.start + text.length);
        walk(value, 0);
    } else {
        require(error.reason && error.offset <= length);
    }
    return 0;
}
