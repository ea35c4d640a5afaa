#include "logparse/own-record.h"

#include "util/json.h"

#include <stddef.h>

static bool starts_with(const char *at, const char *end, const char *text, size_t length) {
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

static bool has_number(struct span object, const char *name) {
    struct span value;
    return json_member(object, name, &value) && json_type(value) == JSON_NUMBER;
}

static bool has_string(struct span object, const char *name) {
    struct span value;
    return json_member(object, name, &value) && json_type(value) == JSON_STRING;
}

/* True when the object is a record of this toolkit. The type alone does not show it: other programs use such
 * types too. */
static bool is_own_record(struct span object, struct span type) {
    if (json_string_is(type, "plan"))
        return has_number(object, "schema") && has_string(object, "runId");
    if (json_string_is(type, "invocation"))
        return has_number(object, "power") || has_string(object, "logResult");
    if (json_string_is(type, "measurement"))
        return has_number(object, "power") && has_number(object, "billedDurationMs");
    if (json_string_is(type, "failure"))
        return has_string(object, "kind");
    if (json_string_is(type, "stat"))
        return has_number(object, "value") && has_number(object, "count");
    return json_string_is(type, "configuration") && has_number(object, "power");
}

bool log_record_is_cut(const char *at, const char *end) {
    static const char *const starts[] = {
        "{\"type\":\"invocation\",\"power\"",    "{\"type\": \"invocation\", \"power\"",
        "{\"type\":\"plan\",\"schema\"",         "{\"type\": \"plan\", \"schema\"",
        "{\"type\":\"configuration\",\"power\"", "{\"type\":\"failure\",\"power\"",
        "{\"type\":\"measurement\",\"power\""};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts_with(at, end, starts[i], strlen(starts[i])))
            return true;
    return false;
}

bool log_record_begins(const char *line, const char *end, bool whole) {
    struct span object, type;
    if (line >= end || *line != '{')
        return false;
    if (log_record_is_cut(line, end))
        return true;
    return whole && json_check((struct span){line, (size_t)(end - line)}, &object, NULL) &&
           json_member(object, "type", &type) && json_type(type) == JSON_STRING &&
           is_own_record(object, type);
}
