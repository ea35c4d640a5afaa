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

enum payload_use {
    PAYLOAD_SINGLE,   /* the one payload of all invocations */
    PAYLOAD_WEIGHTED, /* each payload gets its share of the invocations of a size */
    PAYLOAD_IN_TURN,  /* the invocations of a size get one payload after the other */
    PAYLOAD_ONCE      /* each payload is sent once in the whole run */
};

struct payload_list {
    struct payload *payloads; /* owned */
    size_t count, capacity;
    enum payload_use use;
};

/* What the payloads are for: `num` invocations at each of `sizes` sizes, and `warmup` more, with indexes from
 * -warmup, that do not count. */
struct payload_demand {
    long long num, warmup;
    size_t sizes;
};

/* Appends the body that a JSON value stands for. */
void payload_body_of_value(struct span value, struct text *body);

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

/* True when the value is a list whose elements all have "payload" and "weight". */
bool payload_is_weighted_list(struct span value);

/* Adds a payload, which the list takes over (`body` is then empty), and returns it. */
struct payload *payload_list_add(struct payload_list *list, struct text *body);

/* Adds each element of a JSON array. False when one is too large: a line in `problems`. */
bool payload_list_add_elements(struct payload_list *list, struct span array, struct text *problems);

/* Prepares a list of events for this use, which is not PAYLOAD_SINGLE. Weighted: equal events become one,
 * whose weight is their number. In turn: more than `num` are thinned out evenly. Once: there must be one for
 * each invocation; more are dropped. False, with a line in `problems`, when they are too few. */
bool payload_list_settle(struct payload_list *list, enum payload_use use, const struct payload_demand *demand,
                         struct text *problems);

/* Appends a line for a weighted list that cannot be spread over `num` invocations, and returns false. */
bool payload_list_check_shares(const struct payload_list *list, long long num, struct text *problems);

/* "weighted", "inTurn" or "once", and back from a JSON string token. */
const char *payload_use_name(enum payload_use use);
bool payload_use_parse(struct span name, enum payload_use *use);

/* Makes a list of one payload. The list takes over `body`, which is then empty. */
void payload_list_single(struct payload_list *list, struct text *body);

/* True when the body is null, which is sent when no payload was given. */
bool payload_is_null(const struct text *body);

/* True when the body is within Lambda's limit; otherwise appends a line to `problems`. */
bool payload_size_check(const struct text *body, struct text *problems);

/* The payload (its position in the list) for the invocation `index` at the size number `size`, from 0. Of a
 * weighted list the invocations of the first payload come first. With `mixed`, the first few invocations have
 * the payloads in nearly the proportions of all. Of a list that is used once, two invocations never have the
 * same payload; the result may be beyond the list's end. */
size_t payload_of(const struct payload_list *list, const struct payload_demand *demand, size_t size,
                  long long index, bool mixed);

void payload_list_release(struct payload_list *list);

#endif
