/* A JSON document of any size in which reports are looked for: one event on a line, an array of events, the
 * answer of an API.
 *
 * It is read as it comes, in pieces; what is kept is a frame for each open container. Found are objects whose
 * own type is platform.report, and messages (strings that are members of one of the usual names) that are a
 * report. An object with a level, a requestId and a message is a function's own line, whatever its message
 * says. A report is known to the sink when the outermost container closes or LOG_DOCUMENT_PENDING were found;
 * those of a document inside a message wait for what stands around it, however many they are. */
#ifndef LOGPARSE_DOCUMENT_H
#define LOGPARSE_DOCUMENT_H

#include "logparse/message.h"

enum { LOG_DOCUMENT_MAX_DEPTH = 100, LOG_DOCUMENT_KEEP = 128 * 1024, LOG_DOCUMENT_PENDING = 32 };

/* Where a container's reports came from, as far as its own members told; the names lie in log_document.names.
 */
struct log_frame_origin {
    size_t function, function_length, stream, stream_length;
    int64_t timestamp;
};

struct log_frame {
    size_t start;       /* of its bracket, from the start of the input */
    size_t first_entry; /* the number of the first pending entry that lies in it */
    struct log_frame_origin origin;
    unsigned char member; /* enum log_member: the name whose value comes next */
    unsigned char under;  /* the name that it stands under itself */
    unsigned char
        field; /* enum log_member: of a row of Logs Insights, the column that the object stands for */
    bool array, report, has_level, has_request_id, has_message, is_field;
};

struct log_document {
    struct log_context *context;
    struct log_frame frames[LOG_DOCUMENT_MAX_DEPTH];
    struct log_frame_origin prefix; /* what stood in front of the document told */
    size_t level;
    int state;
    bool first_on_line; /* only blanks stand before the token in its line */
    bool in_long_string,
        escaped;       /* inside a string too long to be looked at; its last byte was a backslash */
    size_t line_start; /* behind the last newline between tokens, from the start of the input */
    struct text names, message, value;
};

enum document_result {
    DOCUMENT_MORE,  /* all there is was read, but for a token that is not complete */
    DOCUMENT_PAUSE, /* what was read last is a report that cannot be read: its line may be noted, then read
                       on; not of documents inside a message */
    DOCUMENT_DONE,  /* the outermost container has closed */
    DOCUMENT_BAD    /* what stands there is not JSON */
};

/* `start`: where the document begins, from the start of the input. `prefix` is what stands in front of it. */
void log_document_open(struct log_document *document, struct log_context *context, size_t start,
                       const struct origin *prefix);
void log_document_close(struct log_document *document);

/* Reads on from `*at` to at most `end` and moves `*at` to where it stopped. `base` is the start of the
 * buffer, which is the byte number `offset` of the input. */
enum document_result log_document_read(struct log_document *document, const char *base, size_t offset,
                                       const char **at, const char *end);

/* The number of the first byte of the input that must stay in the buffer when the document was read up to
 * byte `position`. */
size_t log_document_keep(const struct log_document *document, size_t position);

/* The document ended in the middle: what was complete in it is pending still, what was not is taken back. */
void log_document_abandon(struct log_document *document);

#endif
