#include "tune/payload.h"

#include "util/memory.h"
#include "util/utf8.h"
#include "util/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void payload_body_of_value(struct span value, struct text *body) {
    if (json_type(value) != JSON_STRING) {
        text_append(body, value.start, value.length);
        return;
    }
    struct text content = TEXT_INIT;
    struct span decoded;
    bool exact = json_decode_string(value, &content);
    decoded = (struct span){text_string(&content), content.length};
    if (exact && json_check(decoded, NULL, NULL))
        text_append(body, decoded.start, decoded.length);
    else
        text_append(body, value.start, value.length);
    text_release(&content);
}

bool payload_body_of_content(struct span content, struct text *body, size_t *offset) {
    size_t valid = utf8_valid_length(content.start, content.length);
    if (valid < content.length) {
        *offset = valid;
        return false;
    }
    if (json_check(content, NULL, NULL))
        text_append(body, content.start, content.length);
    else
        json_append_string(body, content);
    return true;
}

void payload_describe_fault(struct span content, size_t offset, struct text *problems) {
    if (utf8_is_utf16(content.start, content.length))
        text_append_string(problems, "is " UTF8_IS_UTF16 "\n");
    else
        text_append_format(problems, "is not UTF-8 at byte %zu\n", offset + 1);
}

bool payload_is_null(const struct text *body) {
    return strcmp(text_string(body), "null") == 0;
}

bool payload_size_check(const struct text *body, struct text *problems) {
    if (body->length <= PAYLOAD_LIMIT)
        return true;
    text_append_format(problems,
                       "payload: %zu bytes exceed Lambda's limit of %d for a synchronous invocation\n",
                       body->length, PAYLOAD_LIMIT);
    return false;
}

struct payload *payload_list_add(struct payload_list *list, struct text *body) {
    list->payloads = memory_reserve(list->payloads, &list->capacity, list->count + 1, sizeof *list->payloads);
    struct payload *payload = &list->payloads[list->count++];
    *payload = (struct payload){*body, 0};
    *body = (struct text)TEXT_INIT;
    return payload;
}

bool payload_list_add_elements(struct payload_list *list, struct span array, struct text *problems) {
    struct json_cursor cursor = json_cursor(array);
    struct span element;
    bool fits = true;
    while (json_next_element(&cursor, &element)) {
        struct text body = TEXT_INIT;
        payload_body_of_value(element, &body);
        fits = payload_size_check(&body, problems) && fits;
        payload_list_add(list, &body);
    }
    return fits;
}

void payload_list_single(struct payload_list *list, struct text *body) {
    *list = (struct payload_list){0};
    payload_list_add(list, body);
}

/* ---- weighted lists ---- */

static const char *const weighted_members[] = {"payload", "weight"};

/* Finds the member of `element` whose name is `name` or nearly so, and decodes its name. */
static bool find_near(struct span element, const char *name, struct text *found) {
    enum { NEAR = 2 };
    struct json_cursor cursor = json_cursor(element);
    struct span member, value;
    while (json_type(element) == JSON_OBJECT && json_next_member(&cursor, &member, &value)) {
        text_clear(found);
        json_decode_string(member, found);
        if (word_distance(text_string(found), name, NEAR) <= NEAR)
            return true;
    }
    return false;
}

/* Counts the elements of a list: all, those that have both members, and those that have them at least under
 * nearly the same names. */
static void count_elements(struct span list, size_t counts[3]) {
    struct json_cursor cursor = json_cursor(list);
    struct span element, member;
    struct text name = TEXT_INIT;
    while (json_type(list) == JSON_ARRAY && json_next_element(&cursor, &element)) {
        size_t exact = 0, near = 0;
        for (size_t i = 0; i < 2; i++) {
            exact += json_member(element, weighted_members[i], &member);
            near += find_near(element, weighted_members[i], &name);
        }
        counts[0]++;
        counts[1] += exact == 2;
        counts[2] += near == 2;
    }
    text_release(&name);
}

/* Appends a line for each member that an element of a weighted list lacks. */
static void report_lacking(struct span list, struct text *problems) {
    struct json_cursor cursor = json_cursor(list);
    struct span element, member;
    struct text name = TEXT_INIT;
    for (size_t position = 1; json_next_element(&cursor, &element); position++)
        for (size_t i = 0; i < 2; i++) {
            const char *wanted = weighted_members[i];
            if (json_member(element, wanted, &member))
                continue;
            if (find_near(element, wanted, &name))
                text_append_format(problems, "payload: element %zu has '%s'; did you mean '%s'?", position,
                                   name.bytes, wanted);
            else
                text_append_format(problems, "payload: element %zu has no '%s', unlike others of the list",
                                   position, wanted);
            text_append_string(problems, " (a list that is one event can be given as a string)\n");
        }
    text_release(&name);
}

static bool read_weighted(struct span value, struct payload_list *list, struct text *problems) {
    size_t before = problems->length;
    struct json_cursor cursor = json_cursor(value);
    struct span element, content = {NULL, 0}, weight = {NULL, 0};
    while (json_next_element(&cursor, &element)) {
        struct text body = TEXT_INIT;
        json_member(element, "payload", &content);
        json_member(element, "weight", &weight);
        size_t position = list->count;
        double given = json_type(weight) == JSON_NUMBER ? json_number(weight) : 0;
        if (!(given > 0) || !isfinite(given))
            text_append_format(problems, "payload: the weight of element %zu is %.*s, not a number over 0\n",
                               position + 1, (int)(weight.length < 40 ? weight.length : 40), weight.start);
        payload_body_of_value(content, &body);
        payload_size_check(&body, problems);
        payload_list_add(list, &body)->weight = given;
    }
    return problems->length == before;
}

bool payload_list_read(struct span value, long long num, struct payload_list *list, struct text *problems) {
    enum { ALL, EXACT, NEAR };
    size_t counts[3] = {0};
    *list = (struct payload_list){0};
    count_elements(value, counts);
    if (counts[ALL] && counts[EXACT] == counts[ALL]) {
        list->use = PAYLOAD_WEIGHTED;
        return read_weighted(value, list, problems) && payload_list_check_shares(list, num, problems);
    }
    if (counts[EXACT] || (counts[ALL] && counts[NEAR] == counts[ALL])) {
        report_lacking(value, problems);
        return false;
    }
    struct text body = TEXT_INIT;
    if (json_type(value) == JSON_NONE)
        text_append_string(&body, "null");
    else
        payload_body_of_value(value, &body);
    bool fits = payload_size_check(&body, problems);
    payload_list_single(list, &body);
    return fits;
}

bool payload_list_read_content(struct span content, long long num, struct payload_list *list,
                               struct text *problems) {
    struct span value;
    struct text body = TEXT_INIT;
    size_t offset = 0;
    *list = (struct payload_list){0};
    bool is_json = json_check(content, &value, NULL);
    if (is_json && !payload_list_read(value, num, list, problems))
        return false;
    /* White space around a payload that is sent as it is written belongs to it. */
    if (is_json && (list->use == PAYLOAD_WEIGHTED || list->payloads[0].body.length != value.length))
        return true;
    payload_list_release(list);
    bool valid = payload_body_of_content(content, &body, &offset);
    if (!valid) {
        text_append_string(problems, "payload: ");
        payload_describe_fault(content, offset, problems);
    }
    bool fits = payload_size_check(&body, problems);
    payload_list_single(list, &body);
    return valid && fits;
}

static bool begins_with(struct span content, const char *start) {
    return content.length >= strlen(start) && strncmp(content.start, start, strlen(start)) == 0;
}

enum payload_mistake payload_find_mistake(struct span content, struct text *out) {
    struct json_error error;
    size_t blanks = 0;
    if (begins_with(content, "file://") || begins_with(content, "fileb://")) {
        text_append_string(out, "is the URL of a file, not an event");
        return PAYLOAD_FILE_URL;
    }
    while (blanks < content.length && strchr(" \t\r\n", content.start[blanks]))
        blanks++;
    if (blanks == content.length || (content.start[blanks] != '{' && content.start[blanks] != '[') ||
        json_check(content, NULL, &error))
        return PAYLOAD_NO_MISTAKE;
    text_append_format(out, "begins like JSON, but is not JSON: %s at byte %zu", error.reason,
                       error.offset + 1);
    return PAYLOAD_BROKEN_JSON;
}

void payload_warn(const char *parameter, struct span content, struct text *warnings) {
    struct text mistake = TEXT_INIT;
    if (payload_find_mistake(content, &mistake) != PAYLOAD_NO_MISTAKE)
        text_append_format(warnings, "%s: %s; it is sent as a string\n", parameter, mistake.bytes);
    text_release(&mistake);
}

bool payload_is_weighted_list(struct span value) {
    enum { ALL, EXACT };
    size_t counts[3] = {0};
    count_elements(value, counts);
    return counts[ALL] && counts[EXACT] == counts[ALL];
}

void payload_list_release(struct payload_list *list) {
    for (size_t i = 0; i < list->count; i++)
        text_release(&list->payloads[i].body);
    free(list->payloads);
    *list = (struct payload_list){0};
}
