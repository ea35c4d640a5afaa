/* A byte-exact JSON scanner (RFC 8259), and the writing of JSON.
 *
 * The scanner finds where values begin and end and never changes them: a payload with 20-digit integers,
 * 1e400, duplicate members, lone surrogates or any white space can be taken out of a document and passed on
 * as the bytes it was. Nothing is allocated and nothing recurses; arrays and objects may be nested
 * JSON_DEEPEST levels.
 *
 * json_check is the one function that takes unknown bytes. All others want spans that it has accepted, or
 * that came out of one by json_member and the cursors; on other bytes they stay within the span but answer
 * nonsense. */
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

/* Where a text stops being JSON: `offset` in bytes from its start, `reason` a phrase such as "expected ':'".
 */
struct json_error {
    size_t offset;
    const char *reason;
};

/* ---- reading ---- */

/* True when `text` is one JSON value with nothing but white space around it; `*value` is then its span
 * without the white space. Otherwise `*error` says where and why, and `*value` is as it was. Either pointer
 * may be NULL. Strings must be valid UTF-8; a \u escape may be half of a surrogate pair. */
bool json_check(struct span text, struct span *value, struct json_error *error);

/* As json_check, but other bytes may follow the value: for values that stand in other text. `value->length`
 * tells where it ended. Leading white space is not passed over. */
bool json_check_prefix(struct span text, struct span *value, struct json_error *error);

/* The type of a value, by its first byte; JSON_NONE for an empty or absent span. */
enum json_type json_type(struct span value);

/* "an object", "a string", ...: for messages. */
const char *json_type_name(enum json_type type);

/* The value of the member `name` of `object`: the last one if it stands there more than once, as most readers
 * have it. False, with `*value` as it was, when `object` is no object or has no such member. Names are
 * compared decoded. */
bool json_member(struct span object, const char *name, struct span *value);

/* Walks through the members of an object or the elements of an array in the order of the text:
 *     struct json_cursor cursor = json_cursor(object);
 *     while (json_next_member(&cursor, &name, &value)) ...
 * `name` is the token with its quotes. A value of another type gives nothing. */
struct json_cursor {
    const char *at;
    const char *end;
};
struct json_cursor json_cursor(struct span container);
bool json_next_member(struct json_cursor *cursor, struct span *name, struct span *value);
bool json_next_element(struct json_cursor *cursor, struct span *value);

/* Appends the content of a string token to `out` as UTF-8. A lone surrogate becomes U+FFFD, and the answer is
 * then false: `out` is good for showing, but is not the string. */
bool json_decode_string(struct span token, struct text *out);

/* True when a string token's content is `string`. */
bool json_string_is(struct span token, const char *string);

/* The number of a number token, rounded to the nearest double; infinite when it is beyond one. */
double json_number(struct span token);

/* The number of a number token when it is a whole number of at most 2^53 in size, however it is written
 * (10, 10.0, 1e1); otherwise false and `*number` as it was. */
bool json_whole_number(struct span token, long long *number);

/* ---- writing ----
 * A container is opened and closed with text_append_byte; the functions below put the comma in front of
 * everything but the first member or element. */

/* Appends a string token. Bytes that are not UTF-8 become U+FFFD. */
void json_append_string(struct text *out, struct span content);

/* Appends a number: a whole one without a fraction, any other as the shortest decimal that reads back as the
 * same double. What JSON cannot say (infinities, NaN) is null. */
void json_append_number(struct text *out, double number);

/* "name": and a value that is JSON already, a string, a number, true or false. A span without start, and a
 * NULL string, append nothing: the member is absent. `name` is plain ASCII. */
void json_put_value(struct text *out, const char *name, struct span value);
void json_put_span(struct text *out, const char *name, struct span content);
void json_put_string(struct text *out, const char *name, const char *content);
void json_put_number(struct text *out, const char *name, double number);
void json_put_boolean(struct text *out, const char *name, bool value);

/* "name": alone, for a container that the caller appends next. */
void json_put_name(struct text *out, const char *name);

/* A comma, unless what was appended last opens a container (or nothing was): before an element of an array.
 */
void json_separate(struct text *out);

#endif
