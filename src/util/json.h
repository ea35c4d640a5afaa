/* A byte-exact JSON scanner (RFC 8259), and a JSON writer.
 *
 * The scanner finds where values begin and end and never changes them. A payload with 20-digit integers,
 * 1e400, duplicate members, lone surrogates or any white space can be taken out of a document and passed on
 * byte for byte. The scanner allocates nothing and does not recurse; arrays and objects may be nested
 * JSON_MAX_DEPTH levels deep.
 *
 * Only json_check and json_check_prefix accept unknown bytes. All other functions expect spans that one of
 * these has accepted, or parts of them from json_member and the cursors. Given other bytes, they stay within
 * the span, but their results are meaningless. */
#ifndef UTIL_JSON_H
#define UTIL_JSON_H

#include "util/span.h"
#include "util/text.h"

enum { JSON_MAX_DEPTH = 10000 };

enum json_type {
    JSON_NONE,
    JSON_OBJECT,
    JSON_ARRAY,
    JSON_STRING,
    JSON_NUMBER,
    JSON_TRUE,
    JSON_FALSE,
    JSON_NULL
};

/* Where a text stops being JSON: `offset` in bytes from its start; `reason` is a phrase such as "expected
 * ':'". */
struct json_error {
    size_t offset;
    const char *reason;
};

/* ---- reading ---- */

/* True when `text` is one JSON value, with only white space around it. `*value` is then the value without
 * that white space. Otherwise false: `*error` says where and why, and `*value` is unchanged. Either pointer
 * may be NULL. Strings must be valid UTF-8; a \u escape may be half of a surrogate pair. */
bool json_check(struct span text, struct span *value, struct json_error *error);

/* Like json_check, for a value inside other text: any bytes may follow it, and `value->length` tells where it
 * ends. White space before the value is not accepted. */
bool json_check_prefix(struct span text, struct span *value, struct json_error *error);

/* The type of a value, from its first byte; JSON_NONE for an empty or absent span. */
enum json_type json_type(struct span value);

/* The type in words, for messages: "an object", "a string", ... */
const char *json_type_name(enum json_type type);

/* Finds the member `name` of `object`; of several with this name the last one, as most JSON readers do. Names
 * are compared after decoding. False when `object` is not an object or has no such member; `*value` is then
 * unchanged. */
bool json_member(struct span object, const char *name, struct span *value);

/* The same, with the value as the result: absent when there is none, so that calls can be nested. */
struct span json_get(struct span object, const char *name);

/* Appends the content of a member that is a string. False, with nothing appended, when the member is not a
 * string, or one that a C string cannot hold exactly: it has a NUL or a lone surrogate. */
bool json_get_string(struct span object, const char *name, struct text *out);

/* Visits the members of an object, or the elements of an array, in the order of the text:
 *     struct json_cursor cursor = json_cursor(object);
 *     while (json_next_member(&cursor, &name, &value)) ...
 * `name` is a string token with its quotes. An array has no members; a value of any other type has neither
 * members nor elements. */
struct json_cursor {
    const char *at;
    const char *end;
};
struct json_cursor json_cursor(struct span container);
bool json_next_member(struct json_cursor *cursor, struct span *name, struct span *value);
bool json_next_element(struct json_cursor *cursor, struct span *value);

/* Appends the content of a string token to `out` as UTF-8. False when a lone surrogate was replaced by
 * U+FFFD: `out` can be shown, but is not the exact string. */
bool json_decode_string(struct span token, struct text *out);

/* True when the content of a string token is `string`. */
bool json_string_is(struct span token, const char *string);

/* The value of a number token, rounded to the nearest double; infinite when it is too large for one. */
double json_number(struct span token);

/* Reads a number token that is a whole number of magnitude at most 2^53, in any notation (10, 10.0, 1e1).
 * False for any other token; `*number` is then unchanged. */
bool json_whole_number(struct span token, long long *number);

/* ---- writing ----
 * Open and close containers with text_append_byte. The functions below put a comma before every member or
 * element but the first. */

/* Appends a string token. Bytes that are not valid UTF-8 become U+FFFD. */
void json_append_string(struct text *out, struct span content);

/* Appends a number: a whole number without a fraction, any other as the shortest decimal that reads back as
 * the same double. Infinities and NaN, which JSON does not have, become null. */
void json_append_number(struct text *out, double number);

/* Append "name": and a value: JSON text, a string, a number, or true or false. A span without a start and a
 * NULL string append nothing, so that the member is absent. `name` must be plain ASCII. */
void json_put_value(struct text *out, const char *name, struct span value);
void json_put_span(struct text *out, const char *name, struct span content);
void json_put_string(struct text *out, const char *name, const char *content);
void json_put_number(struct text *out, const char *name, double number);
void json_put_boolean(struct text *out, const char *name, bool value);

/* Appends a member as json_next_member gives it: `name` is a string token. */
void json_put_member(struct text *out, struct span name, struct span value);

/* Appends "name": alone, for a container that the caller appends next. */
void json_put_name(struct text *out, const char *name);

/* Appends a value in a form that two texts with the same content share: without white space, the members of
 * objects sorted by name (of several with a name only the last), strings escaped only where JSON needs it.
 * Numbers are copied, and so is what is nested more than 64 levels deep. False when a string of it is not one
 * that a C string can hold exactly; `out` then has replacements. */
bool json_append_sorted(struct text *out, struct span value);

/* Appends a comma before an element of an array, unless `out` is empty or ends in an opening bracket, a colon
 * or a comma. */
void json_separate(struct text *out);

#endif
