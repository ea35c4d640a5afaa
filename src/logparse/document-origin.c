#include "logparse/document-origin.h"

#include "logparse/prefix.h"
#include "util/timestamp.h"

void log_origin_keep(struct log_document *document, struct span name, size_t *start, size_t *length) {
    *start = document->names.length;
    *length = name.length;
    if (name.length)
        text_append(&document->names, name.start, name.length);
}

void log_origin_set(struct log_document *document, struct log_frame *frame, enum log_member member,
                    struct span text) {
    struct log_frame_origin *origin = &frame->origin;
    if (member == MEMBER_TIME) {
        if (!origin->timestamp)
            timestamp_parse(text.start, text.start + text.length, &origin->timestamp);
        return;
    }
    if (member == MEMBER_GROUP)
        text = log_group_function(text);
    if (!text.start || !text.length || text.length > MAX_LOG_NAME || memchr(text.start, '\\', text.length))
        return;
    if (member == MEMBER_STREAM && !origin->stream_length) {
        log_origin_keep(document, text, &origin->stream, &origin->stream_length);
        struct span name = log_stream_function(text);
        if (name.start && !origin->function_length)
            log_origin_keep(document, name, &origin->function, &origin->function_length);
    } else if (member != MEMBER_STREAM && !origin->function_length) {
        log_origin_keep(document, text, &origin->function, &origin->function_length);
    }
}

void log_origin_fill(struct log_document *document, const struct log_frame_origin *kept, size_t first) {
    const char *names = text_string(&document->names);
    struct origin origin = {.timestamp = kept->timestamp};
    if (kept->function_length)
        origin.function_name = (struct span){names + kept->function, kept->function_length};
    if (kept->stream_length)
        origin.log_stream = (struct span){names + kept->stream, kept->stream_length};
    log_deferred_fill(document->context->deferred, first, &origin);
}

void log_origin_trim(struct log_document *document) {
    size_t needed = document->prefix.function_length + document->prefix.stream_length;
    for (size_t i = 0; i < document->level; i++) {
        const struct log_frame_origin *origin = &document->frames[i].origin;
        if (origin->function + origin->function_length > needed)
            needed = origin->function + origin->function_length;
        if (origin->stream + origin->stream_length > needed)
            needed = origin->stream + origin->stream_length;
    }
    if (needed < document->names.length)
        document->names.length = needed;
}
