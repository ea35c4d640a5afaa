#include "aws/arn.h"

#include "util/memory.h"

#include <stdlib.h>

enum { MAX_PARTS = 9, NAME_LENGTH = 140, QUALIFIER_LENGTH = 128 };

static bool is_letter_or_digit(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
}

/* True when `part` has 1 to `longest` characters, all of them letters, digits or characters of `others`. */
static bool is_made_of(struct span part, const char *others, size_t longest) {
    for (size_t i = 0; i < part.length; i++)
        if (!is_letter_or_digit(part.start[i]) && (!part.start[i] || !strchr(others, part.start[i])))
            return false;
    return part.length && part.length <= longest;
}

static bool is_account(struct span part) {
    for (size_t i = 0; i < part.length; i++)
        if (part.start[i] < '0' || part.start[i] > '9')
            return false;
    return part.length == 12;
}

static bool is_region(struct span part) {
    return is_made_of(part, "-", 64) && memchr(part.start, '-', part.length);
}

static bool is_qualifier(struct span part) {
    return span_equals(part, "$LATEST") || is_made_of(part, "-_", QUALIFIER_LENGTH);
}

static size_t split(struct span text, struct span parts[MAX_PARTS]) {
    size_t count = 0;
    const char *at = text.start, *end = text.start + text.length;
    while (count < MAX_PARTS) {
        const char *colon = memchr(at, ':', (size_t)(end - at));
        const char *part_end = colon ? colon : end;
        parts[count++] = (struct span){at, (size_t)(part_end - at)};
        if (!colon)
            return count;
        at = colon + 1;
    }
    return MAX_PARTS + 1;
}

static char *copy(struct span part) {
    return memory_copy(part.start ? part.start : "", part.length);
}

static bool refuse(struct text *problem, struct span text, const char *why) {
    text_append_format(problem, "'%.*s' %s", (int)(text.length < 200 ? text.length : 200), text.start, why);
    return false;
}

bool function_name_parse(struct span text, struct function_name *function, struct text *problem) {
    struct span parts[MAX_PARTS], none = {"", 0};
    size_t count = text.length ? split(text, parts) : 0, at = 0;
    struct span partition = none, region = none, account = none, qualifier = none;
    if (!count || count > MAX_PARTS)
        return refuse(problem, text, "is not the name or the ARN of a Lambda function");
    if (span_equals(parts[0], "arn")) {
        if (count < 7 || !is_made_of(parts[1], "-", 32) || strncmp(parts[1].start, "aws", 3) != 0)
            return refuse(problem, text, "is not the ARN of a Lambda function");
        if (!span_equals(parts[2], "lambda"))
            return refuse(problem, text, "is the ARN of a service other than Lambda");
        partition = parts[1];
        at = 3;
    }
    size_t left = count - at;
    bool whole = at > 0;
    if (whole || (left >= 4 && is_region(parts[at]) && is_account(parts[at + 1]))) {
        region = parts[at++];
        if (!is_region(region))
            return refuse(problem, text, "has no valid region");
    }
    if (whole || (count - at >= 3 && is_account(parts[at]))) {
        account = parts[at++];
        if (!is_account(account))
            return refuse(problem, text, "has no account of 12 digits");
        if (!span_equals(parts[at++], "function"))
            return refuse(problem, text, "is not the ARN of a function");
    } else if (count - at >= 3 || region.length) {
        return refuse(problem, text, "is not the name or the ARN of a Lambda function");
    }
    struct span name = parts[at++];
    if (!is_made_of(name, "-_", NAME_LENGTH))
        return refuse(problem, text, "has no valid function name");
    if (at < count) {
        qualifier = parts[at++];
        if (at < count || !is_qualifier(qualifier))
            return refuse(problem, text, "has no valid version or alias at its end");
    }
    *function =
        (struct function_name){copy(partition), copy(region), copy(account), copy(name), copy(qualifier)};
    return true;
}

void function_name_identifier(const struct function_name *function, struct text *out) {
    if (*function->partition && *function->region && *function->account)
        text_append_format(out, "arn:%s:lambda:%s:%s:function:%s", function->partition, function->region,
                           function->account, function->name);
    else if (*function->account)
        text_append_format(out, "%s:function:%s", function->account, function->name);
    else
        text_append_string(out, function->name);
}

void function_name_release(struct function_name *function) {
    free(function->partition);
    free(function->region);
    free(function->account);
    free(function->name);
    free(function->qualifier);
    *function = (struct function_name){0};
}

bool is_version_number(const char *text) {
    return *text >= '1' && *text <= '9' && strspn(text, "0123456789") == strlen(text);
}
