#include "init/event-files.h"

#include "util/files.h"
#include "util/json.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reading {
    const char *member; /* NULL: none */
    struct payload_list *list;
    struct text *problems;
    size_t bytes; /* of all events */
    long long num;
};

static bool add_event(struct reading *reading, struct span value) {
    struct text body = TEXT_INIT;
    payload_body_of_value(value, &body);
    reading->bytes += body.length;
    bool fits = payload_size_check(&body, reading->problems);
    payload_list_add(reading->list, &body);
    if (fits && reading->bytes > EVENT_FILE_LIMIT) {
        text_append_format(reading->problems, "payloadFile: the events have more than %d bytes together\n",
                           EVENT_FILE_LIMIT);
        return false;
    }
    return fits;
}

/* ---- events within other JSON ---- */

enum { MAX_DEPTH = 16, MAX_TRIES = 64 };

static bool search(struct reading *reading, struct span value, int depth);

/* Finds the value at a path of member names, separated by dots. */
static bool find_path(struct span value, const char *path, struct span *found) {
    struct text name = TEXT_INIT;
    bool there = true;
    for (const char *at = path; there && *at;) {
        size_t length = strcspn(at, ".");
        text_clear(&name);
        text_append(&name, at, length);
        there = json_member(value, text_string(&name), &value);
        at += length + (at[length] == '.');
    }
    text_release(&name);
    *found = value;
    return there;
}

/* Searches the JSON that begins anywhere in a line or in a string: log formats put a time and an id before it. */
static bool search_text(struct reading *reading, struct span text, int depth) {
    struct span value;
    const char *brace;
    bool good = true;
    for (int tries = 0; good && tries < MAX_TRIES && text.length; tries++) {
        brace = memchr(text.start, '{', text.length);
        if (!brace)
            break;
        text = (struct span){brace, text.length - (size_t)(brace - text.start)};
        size_t used = 1;
        if (json_check_prefix(text, &value, NULL)) {
            good = search(reading, value, depth);
            used = value.length;
        }
        text = (struct span){text.start + used, text.length - used};
    }
    return good;
}

static bool search_string(struct reading *reading, struct span token, int depth) {
    struct text content = TEXT_INIT;
    json_decode_string(token, &content);
    bool good = search_text(reading, (struct span){text_string(&content), content.length}, depth);
    text_release(&content);
    return good;
}

/* Adds every event in the value. False when one cannot be added. */
static bool search(struct reading *reading, struct span value, int depth) {
    struct span name, inner;
    bool good = true;
    if (depth >= MAX_DEPTH)
        return true;
    if (json_type(value) == JSON_STRING)
        return search_string(reading, value, depth + 1);
    if (json_type(value) == JSON_OBJECT && find_path(value, reading->member, &inner))
        return add_event(reading, inner);
    struct json_cursor cursor = json_cursor(value);
    if (json_type(value) == JSON_OBJECT)
        while (good && json_next_member(&cursor, &name, &inner))
            good = search(reading, inner, depth + 1);
    else if (json_type(value) == JSON_ARRAY)
        while (good && json_next_element(&cursor, &inner))
            good = search(reading, inner, depth + 1);
    return good;
}

/* ---- files ---- */

static struct span take_line(struct span *rest) {
    const char *end = memchr(rest->start, '\n', rest->length);
    struct span line = {rest->start, end ? (size_t)(end - rest->start) : rest->length};
    size_t used = line.length + (end != NULL);
    *rest = (struct span){rest->start + used, rest->length - used};
    return line;
}

static bool is_blank(struct span line) {
    for (size_t i = 0; i < line.length; i++)
        if (!memchr(" \t\r", line.start[i], 3))
            return false;
    return true;
}

static bool add_lines(struct reading *reading, const char *file, struct span rest) {
    struct json_error error;
    bool good = true;
    for (size_t number = 1; good && rest.length; number++) {
        struct span line = take_line(&rest), value;
        if (is_blank(line))
            continue;
        if (reading->member) {
            good = search_text(reading, line, 0);
        } else if (json_check(line, &value, &error)) {
            good = add_event(reading, value);
        } else {
            text_append_format(reading->problems, "payloadFile: %s:%zu: not JSON: %s at byte %zu\n", file,
                               number, error.reason, error.offset + 1);
            good = false;
        }
    }
    return good;
}

static bool add_elements(struct reading *reading, struct span array) {
    struct json_cursor cursor = json_cursor(array);
    struct span element;
    bool good = true;
    while (good && json_next_element(&cursor, &element))
        good = add_event(reading, element);
    return good;
}

static bool read_content(const char *file, struct text *content, struct text *problems) {
    if (file_read(file, EVENT_FILE_LIMIT, content))
        return true;
    text_append_format(problems, "payloadFile: cannot read '%s': %s\n", file,
                       errno == EFBIG ? "it is larger than 64 MiB" : strerror(errno));
    return false;
}

static bool add_file(struct reading *reading, const char *file) {
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    struct text content = TEXT_INIT;
    struct span value;
    bool good = read_content(file, &content, reading->problems);
    struct span text = {text_string(&content), content.length};
    if (text.length >= 3 && memcmp(text.start, byte_order_mark, 3) == 0)
        text = (struct span){text.start + 3, text.length - 3};
    if (good && !json_check(text, &value, NULL))
        good = add_lines(reading, file, text);
    else if (good && reading->member)
        good = search(reading, value, 0);
    else if (good && payload_is_weighted_list(value))
        good = payload_list_read(value, reading->num, reading->list, reading->problems);
    else if (good)
        good = json_type(value) == JSON_ARRAY ? add_elements(reading, value) : add_event(reading, value);
    text_release(&content);
    return good;
}

/* ---- folders ---- */

static int is_json_file(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return *entry->d_name != '.' && length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0;
}

static int compare_names(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* Adds the only JSON value of a file of a folder. */
static bool add_document(struct reading *reading, const char *file) {
    struct text content = TEXT_INIT;
    struct span value;
    struct json_error error;
    bool good = read_content(file, &content, reading->problems);
    if (good && !json_check((struct span){text_string(&content), content.length}, &value, &error)) {
        text_append_format(reading->problems, "payloadFile: %s: not JSON: %s at byte %zu\n", file,
                           error.reason, error.offset + 1);
        good = false;
    }
    good = good && add_event(reading, value);
    text_release(&content);
    return good;
}

static bool add_folder(struct reading *reading, const char *folder) {
    struct dirent **entries;
    struct text path = TEXT_INIT;
    int count = scandir(folder, &entries, is_json_file, compare_names);
    bool good = count >= 0;
    if (!good)
        text_append_format(reading->problems, "payloadFile: cannot read '%s': %s\n", folder, strerror(errno));
    for (int i = 0; i < count; i++) {
        text_clear(&path);
        text_append_format(&path, "%s/%s", folder, entries[i]->d_name);
        if (good)
            good = reading->member ? add_file(reading, path.bytes) : add_document(reading, path.bytes);
        free(entries[i]);
    }
    if (count >= 0)
        free(entries);
    text_release(&path);
    return good;
}

bool event_files_read(const char *path, const char *member, long long num, struct payload_list *list,
                      struct text *problems) {
    struct reading reading = {member, list, problems, 0, num};
    struct stat status;
    bool good = stat(path, &status) == 0;
    if (!good) {
        text_append_format(problems, "payloadFile: cannot read '%s': %s\n", path, strerror(errno));
    } else if (S_ISDIR(status.st_mode)) {
        good = add_folder(&reading, path);
    } else if (S_ISREG(status.st_mode)) {
        good = add_file(&reading, path);
    } else {
        text_append_format(problems, "payloadFile: '%s' is neither a file nor a folder\n", path);
        good = false;
    }
    if (!good || list->count)
        return good;
    text_append_format(problems, "payloadFile: '%s' has no event", path);
    if (member)
        text_append_format(problems, ": nothing in it has the member '%s'", member);
    else if (S_ISDIR(status.st_mode))
        text_append_string(problems, ": no file *.json");
    text_append_byte(problems, '\n');
    return false;
}
