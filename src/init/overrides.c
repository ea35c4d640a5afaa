#include "init/overrides.h"

#include "util/files.h"
#include "util/json.h"
#include "util/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Appends the argument as a JSON value when it has the wanted type, else as a JSON string. */
static void append_typed(struct text *out, struct span argument, enum json_type wanted) {
    struct span value;
    bool fits = json_check(argument, &value, NULL) &&
                (json_type(value) == wanted || (wanted == JSON_TRUE && json_type(value) == JSON_FALSE));
    if (fits)
        text_append(out, value.start, value.length);
    else
        json_append_string(out, argument);
}

/* Removes the percent sign of "1%" or "1 %". */
static struct span without_percent(struct span text) {
    struct span number = text, value;
    if (number.length && number.start[number.length - 1] == '%')
        number.length--;
    return json_check(number, &value, NULL) && json_type(value) == JSON_NUMBER ? value : text;
}

static void append_list(struct text *out, const char *argument, enum json_type wanted) {
    text_append_byte(out, '[');
    while (*argument) {
        size_t length = strcspn(argument, ",");
        json_separate(out);
        append_typed(out, (struct span){argument, length}, wanted);
        argument += length + (argument[length] == ',');
    }
    text_append_byte(out, ']');
}

/* Reads the argument of --payload: TEXT or @FILE. False, with a line in `problems`, when it cannot be sent. */
static bool read_payload(const char *argument, struct text *content, struct text *problems) {
    struct text body = TEXT_INIT;
    size_t offset = 0;
    bool from_file = *argument == '@';
    if (!from_file) {
        text_append_string(content, argument);
    } else if (!file_read(argument + 1, PAYLOAD_LIMIT, content)) {
        text_append_format(problems, "payload: cannot read '%s': %s\n", argument + 1,
                           errno == EFBIG ? "over Lambda's limit of 6291456 bytes" : strerror(errno));
        return false;
    }
    struct span bytes = {text_string(content), content->length};
    bool fits = payload_body_of_content(bytes, &body, &offset);
    text_release(&body);
    if (!fits) {
        text_append_format(problems, "payload: %s%s ", from_file ? "the file " : "the text",
                           from_file ? argument + 1 : "");
        payload_describe_fault(bytes, offset, problems);
    }
    return fits;
}

/* True when the argument of --payload is certainly a mistake: a line in `problems` says which. */
static bool is_mistaken(const char *argument, struct span content, struct text *problems) {
    struct text why = TEXT_INIT;
    bool from_file = *argument == '@';
    enum payload_mistake mistake = payload_find_mistake(content, &why);
    if (mistake == PAYLOAD_FILE_URL && !from_file)
        text_append_format(problems, "payload: %s; to send the file: --payload @%s\n", why.bytes,
                           strchr(argument, '/') + strlen("//"));
    else if (mistake == PAYLOAD_BROKEN_JSON)
        text_append_format(problems, "payload: %s%s%s%s; to send it as text, write it as a JSON string\n",
                           from_file ? "the file " : "", from_file ? argument + 1 : "", from_file ? " " : "",
                           why.bytes);
    text_release(&why);
    return mistake == PAYLOAD_BROKEN_JSON || (mistake == PAYLOAD_FILE_URL && !from_file);
}

/* Warns about a text that is the name of a file. */
static void warn_about_name(const char *argument, struct text *warnings) {
    struct stat status;
    if (!json_check(span_of(argument), NULL, NULL) && stat(argument, &status) == 0 && S_ISREG(status.st_mode))
        text_append_format(warnings,
                           "payload: '%s' is sent as text; to send the file of this name: --payload @%s\n",
                           argument, argument);
}

/* Appends the payload as a JSON string. A payload string that contains JSON is later sent as that JSON. */
static bool append_payload(struct text *out, const char *argument, struct text *problems,
                           struct text *warnings) {
    struct text content = TEXT_INIT;
    bool read = read_payload(argument, &content, problems);
    struct span bytes = {text_string(&content), content.length};
    bool sound = read && !is_mistaken(argument, bytes, problems);
    if (sound && *argument != '@')
        warn_about_name(argument, warnings);
    if (sound)
        json_append_string(out, bytes);
    text_release(&content);
    return sound;
}

/* Appends the member for the row's parameter to the overrides. An argument that does not have the parameter's
 * type becomes a string, so that the check of the input reports it. */
static void override_take(const struct option_row *row, char *argument) {
    struct overrides *overrides = row->target.any;
    struct text *members = &overrides->members;
    struct span text = span_of(argument ? argument : "true"); /* an option without an argument */
    const struct parameter *parameter = tuning_parameters;
    while (strcmp(parameter->option, row->name) != 0)
        parameter++;
    json_put_name(members, parameter->name);
    switch (parameter->kind) {
    case PARAMETER_WHOLE:
    case PARAMETER_NUMBER:
        append_typed(members, text, JSON_NUMBER);
        break;
    case PARAMETER_SWITCH:
        append_typed(members, without_percent(text), argument ? JSON_NUMBER : JSON_TRUE);
        break;
    case PARAMETER_BOOLEAN:
        append_typed(members, text, JSON_TRUE);
        break;
    case PARAMETER_MEMORY_SIZES:
        if (span_equals(text, "ALL"))
            json_append_string(members, text);
        else
            append_list(members, text.start, JSON_NUMBER);
        break;
    case PARAMETER_STRINGS:
        append_list(members, text.start, JSON_STRING);
        break;
    case PARAMETER_PAYLOAD:
        if (!append_payload(members, text.start, &overrides->problems, &overrides->warnings))
            text_append_string(members, "null");
        break;
    case PARAMETER_STRING:
        json_append_string(members, text);
        break;
    }
}

struct option_row *override_rows(struct overrides *overrides, const struct option_row *own, size_t count) {
    size_t parameters = 0;
    while (tuning_parameters[parameters].name)
        parameters++;
    struct option_row *rows = memory_zeroed(parameters + count, sizeof *rows);
    for (size_t i = 0; i < parameters; i++) {
        const struct parameter *parameter = &tuning_parameters[i];
        rows[i] = (struct option_row)OPTION_CALL(parameter->option, parameter->argument, override_take,
                                                 overrides, parameter->help);
    }
    memcpy(rows + parameters, own, count * sizeof *own);
    return rows;
}

static bool is_about(struct span line, const char *name) {
    size_t length = strlen(name);
    return length && line.length > length && line.start[length] == ':' &&
           strncmp(line.start, name, length) == 0;
}

bool override_append_message(const struct overrides *overrides, bool all, const char *function,
                             struct span line, struct text *message) {
    struct span ignored, object = {overrides->members.bytes, overrides->members.length};
    const struct parameter *parameter = tuning_parameters;
    while (parameter->name && !is_about(line, parameter->name))
        parameter++;
    bool renamed = parameter->name && !is_about(line, function) &&
                   (all || json_member(object, parameter->name, &ignored));
    size_t length = renamed ? strlen(parameter->name) : 0;
    if (renamed)
        text_append_format(message, "--%s", parameter->option);
    text_append(message, line.start + length, line.length - length);
    return renamed;
}
