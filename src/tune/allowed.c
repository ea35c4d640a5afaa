#include "tune/allowed.h"

#include "util/json.h"

void allowed_add(struct allowed *allowed, const char *names) {
    text_append_byte(&allowed->names, '\n');
    for (; *names; names++)
        text_append_byte(&allowed->names, *names == ',' ? '\n' : *names);
    text_append_byte(&allowed->names, '\n');
}

void allowed_add_json(struct allowed *allowed, struct span array) {
    struct json_cursor cursor = json_cursor(array);
    struct span element;
    text_append_byte(&allowed->names, '\n');
    while (json_type(array) == JSON_ARRAY && json_next_element(&cursor, &element))
        if (json_type(element) == JSON_STRING) {
            json_decode_string(element, &allowed->names);
            text_append_byte(&allowed->names, '\n');
        }
}

bool allowed_has(const struct allowed *allowed, struct span error_type) {
    if (!error_type.start || !allowed->names.length)
        return false;
    struct text name = TEXT_INIT;
    text_append_byte(&name, '\n');
    json_decode_string(error_type, &name);
    text_append_byte(&name, '\n');
    bool found =
        name.length > 2 && memmem(allowed->names.bytes, allowed->names.length, name.bytes, name.length);
    text_release(&name);
    return found;
}

void allowed_close(struct allowed *allowed) {
    text_release(&allowed->names);
}
