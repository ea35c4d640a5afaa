/* The payloads of a tuning run: which invocation sends which body.
 *
 * The rules are the original's, but bytes are kept exactly. An object, array, number, true, false or null is
 * sent as it is written. A string whose content is JSON is sent as that content; any other string is sent as
 * its string token. A list in which every element has "payload" and "weight" is a weighted list: each payload
 * gets floor(weight * num / total) invocations, and the last one gets the rest. A list in which only some
 * elements have both, or all have them misspelt, is refused (the original sends it as one event). */
#ifndef TUNE_PAYLOAD_H
#define TUNE_PAYLOAD_H

#include "util/json.h"
#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Lambda's limit for the body of a synchronous invocation, in bytes. */
enum { PAYLOAD_LIMIT = 6 * 1024 * 1024 };

struct payload {
    struct text body;
    double weight; /* 0 for a single payload without a weight */
};

struct payload_list {
    struct payload *payloads; /* owned */
    size_t count;
    bool weighted;
};

/* Appends the body for the content of a string, a file or an S3 object: the content itself when it is JSON,
 * otherwise a string token with that content. False when it is not valid UTF-8; `*offset` is then the first
 * bad byte. */
bool payload_body_of_content(struct span content, struct text *body, size_t *offset);

/* Appends a line that describes the content that payload_body_of_content has refused at `offset`. */
void payload_describe_fault(struct span content, size_t offset, struct text *problems);

/* Fills `list` from the value of the input's "payload" (when absent, the body is null). False when a weighted
 * list cannot be spread over `num` invocations or is incomplete, a weight is not a number over 0, or a body is
 * too large; each fault is a line in `problems`. Release `list` in both cases. */
bool payload_list_read(struct span value, long long num, struct payload_list *list, struct text *problems);

/* The same for the content of a file or an S3 object: a list can be weighted, a string stands for its content
 * if that is JSON, and any other JSON is one payload, byte for byte. Content that is not JSON is sent as a JSON
 * string; false when it is not UTF-8. */
bool payload_list_read_content(struct span content, long long num, struct payload_list *list,
                               struct text *problems);

/* Content that is probably not the event that somebody meant. */
enum payload_mistake {
    PAYLOAD_NO_MISTAKE,
    PAYLOAD_FILE_URL,   /* file://event.json, as the aws command takes it */
    PAYLOAD_BROKEN_JSON /* begins like JSON, but is not JSON */
};

/* Finds the mistake in the content of a string or a file, and appends what it is ("is the URL of ...") to
 * `out`. */
enum payload_mistake payload_find_mistake(struct span content, struct text *out);

/* Appends a warning when `content` of the parameter is such a mistake and is sent as a string. */
void payload_warn(const char *parameter, struct span content, struct text *warnings);

/* Makes a list of one payload. The list takes over `body`, which is then empty. */
void payload_list_single(struct payload_list *list, struct text *body);

/* True when the body is null, which is sent when no payload was given. */
bool payload_is_null(const struct text *body);

/* True when the body is within Lambda's limit; otherwise appends a line to `problems`. */
bool payload_size_check(const struct text *body, struct text *problems);

/* The payload (its position in the list) for the invocation `index`, from 0, of `num`. The invocations of the
 * first payload come first. */
size_t payload_of_index(const struct payload_list *list, long long index, long long num);

/* The same in mixed order, so that the first few invocations have the payloads in nearly the proportions of
 * all. It steps through the indexes by the golden section of `num` (a sequence like van der Corput's, 1935),
 * which visits each index once. */
size_t payload_of_index_mixed(const struct payload_list *list, long long index, long long num);

void payload_list_release(struct payload_list *list);

#endif
