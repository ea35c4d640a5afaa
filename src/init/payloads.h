/* The payloads of a run, from the input: one payload, a weighted list, or events. */
#ifndef INIT_PAYLOADS_H
#define INIT_PAYLOADS_H

#include "tune/input.h"
#include "tune/payload.h"
#include "util/text.h"

#include <stdbool.h>

/* Reads the input's payload or payloadFile into `list`, and prepares it for the use that the input names
 * (payloads). `warmup`: warm-up invocations at each size. Does nothing with payloadS3. False, with lines in
 * `problems`, when something is wrong. Release `list` in both cases. */
bool payloads_read(const struct tuning_input *input, long long warmup, struct payload_list *list,
                   struct text *problems);

/* The same for the content of the object that payloadS3 names. */
bool payloads_read_content(const struct tuning_input *input, long long warmup, struct span content,
                           struct payload_list *list, struct text *problems);

#endif
