/* The payloads of a tuning run: which bytes are sent as the body of which invocation.
 *
 * The rules are the original's, with the bytes kept exactly: an object, array, number, true, false or null is
 * sent as it is written; a string whose content is JSON is sent as that content; any other string is sent as
 * the string token it is. A list whose every element has "payload" and "weight" is a weighted list: each
 * payload gets floor(weight * num / total) invocations, the last one the rest. */
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
    double weight; /* 0 when the payload is the only one, without a weight */
};

struct payload_list {
    struct payload *payloads; /* owned */
    size_t count;
    bool weighted;
};

/* Appends the body for the content of a string, a file or an S3 object: the content itself when it is JSON,
 * else a string token that stands for it. False when it is not valid UTF-8: `*offset` says where. */
bool payload_body_of_content(struct span content, struct text *body, size_t *offset);

/* Appends what is wrong with content that payload_body_of_content has refused at `offset`, as a line. */
void payload_describe_fault(struct span content, size_t offset, struct text *problems);

/* Fills `list` from the input's value of "payload" (an absent one: the body null). False when a weighted list
 * cannot serve `num` invocations, a weight is no number over 0 or a body is over the limit: each fault is a
 * line in `problems`. */
bool payload_list_read(struct span value, long long num, struct payload_list *list, struct text *problems);

/* A list of one payload with this body, which is taken over. */
void payload_list_single(struct payload_list *list, struct text *body);

/* Appends a line to `problems` when the body is over the limit; true when it is not. */
bool payload_size_check(const struct text *body, struct text *problems);

/* Which payload the invocation `index` (from 0) of `num` gets: those of the first payload come first. */
size_t payload_of_index(const struct payload_list *list, long long index, long long num);

/* The same with the payloads mixed, so that the first few invocations have them in about the proportions of
 * all: the indexes are walked through in steps of the golden section of `num` (J. G. van der Corput's
 * sequences, 1935, are of this kind), which meets each once. */
size_t payload_of_index_mixed(const struct payload_list *list, long long index, long long num);

void payload_list_release(struct payload_list *list);

#endif
