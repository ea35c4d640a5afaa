#include "logparse/form.h"

static bool is_word(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (unsigned char)byte >= 0x80;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

/* Reads the next element of a form at `*at`, which is before `end`, and moves `*at` after it. */
static char next_element(const char **at, const char *end) {
    bool (*is_same)(char) = is_word(**at) ? is_word : is_blank(**at) ? is_blank : NULL;
    if (!is_same)
        return *(*at)++;
    while (*at < end && is_same(**at))
        ++*at;
    return is_same == is_word ? 'w' : ' ';
}

struct log_form log_form_of(struct span prefix) {
    struct log_form form = {0};
    const char *at = prefix.start, *end = at + prefix.length;
    while (at < end && form.length < LOG_FORM_LENGTH)
        form.text[form.length++] = next_element(&at, end);
    return form;
}

bool log_form_begins(const struct log_form *form, const struct log_form *line) {
    return line->length >= form->length && memcmp(line->text, form->text, form->length) == 0;
}

bool log_form_same(const struct log_form *a, const struct log_form *b) {
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

bool log_form_extends(const struct log_form *longer, const struct log_form *form) {
    return longer->length > form->length && log_form_begins(form, longer);
}
