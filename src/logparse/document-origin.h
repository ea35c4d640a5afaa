/* The origins that the containers of a document give to their reports: function, log stream and time. */
#ifndef LOGPARSE_DOCUMENT_ORIGIN_H
#define LOGPARSE_DOCUMENT_ORIGIN_H

#include "logparse/document.h"
#include "logparse/member.h"

/* The longest name, in bytes, that is kept. */
enum { MAX_LOG_NAME = 600 };

/* Copies `name` to the names of the document; sets `*start` and `*length` to where it is. */
void log_origin_keep(struct log_document *document, struct span name, size_t *start, size_t *length);

/* Sets what the member `member` with the value `text` says about the origin of the frame's reports. The first
 * value counts. */
void log_origin_set(struct log_document *document, struct log_frame *frame, enum log_member member,
                    struct span text);

/* Adds `kept` to the deferred reports from index `first` on, where they do not know it yet. */
void log_origin_fill(struct log_document *document, const struct log_frame_origin *kept, size_t first);

/* Drops the names of closed containers. No report may be deferred. */
void log_origin_trim(struct log_document *document);

#endif
