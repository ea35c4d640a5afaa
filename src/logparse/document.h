/* Finds reports in a JSON document of any size: an event on one line, an array of events, the response of an
 * API.
 *
 * The document is read in pieces as it arrives; only a frame for each open container is kept. Reports are
 * objects whose own "type" is platform.report, and messages (strings in members that member.h knows) that
 * contain a report, or objects with figures in members of their own (row.h). An object with a level, a request id and a message is a line that the function logged,
 * whatever its message says.
 *
 * A report reaches the sink when the outermost container closes, or when LOG_DOCUMENT_MAX_DEFERRED reports
 * are deferred. Reports of a document inside a message are deferred until the outer document gives their
 * origin, however many they are. */
#ifndef LOGPARSE_DOCUMENT_H
#define LOGPARSE_DOCUMENT_H

#include "logparse/message.h"
#include "logparse/row.h"

enum { LOG_DOCUMENT_MAX_DEPTH = 100, LOG_DOCUMENT_KEEP = 128 * 1024, LOG_DOCUMENT_MAX_DEFERRED = 32 };

/* The origin of a container's reports, as far as its own members give it. Function and stream are positions
 * in log_document.names. */
struct log_frame_origin {
    size_t function, function_length, stream, stream_length;
    int64_t timestamp;
};

struct log_frame {
    size_t start;       /* position of its bracket in the input */
    size_t first_entry; /* index of the first deferred entry inside it */
    struct log_frame_origin origin;
    unsigned char member; /* enum log_member: the member whose value comes next */
    unsigned char under;  /* enum log_member: the member that the container is the value of */
    unsigned char field;  /* enum log_member: in a row of Logs Insights, the column that the object holds */
    bool array, report, has_level, has_request_id, has_message, is_field;
    bool flushed; /* reports inside it were written before it was closed */
};

struct log_document {
    struct log_context *context;
    struct log_frame frames[LOG_DOCUMENT_MAX_DEPTH];
    struct log_frame_origin prefix; /* origin given by the text before the document */
    size_t level;
    int state;
    bool first_on_line;  /* the token is the first of its line */
    bool in_long_string; /* inside a string that is too long to be kept */
    bool escaped;        /* the last byte read of the long string was a backslash */
    size_t line_start;   /* position after the last newline between tokens, in the input */
    struct text names, message, value;
    struct log_row row; /* the figures that have members of their own */
    bool own;           /* an object in it is a line that a function logged */
    size_t row_level;   /* level of the container that they are in; 0: none */
};

enum document_result {
    DOCUMENT_MORE, /* everything was read except an incomplete token: more input is needed */
    DOCUMENT_DONE, /* the outermost container was closed */
    DOCUMENT_BAD   /* the input at `*at` is not JSON */
};

/* Prepares to read the document at position `start` of the input. `prefix` is the origin given by the text
 * before it, which is copied; `context` must outlive the document. */
void log_document_open(struct log_document *document, struct log_context *context, size_t start,
                       const struct origin *prefix);
/* Releases the texts of the document. */
void log_document_close(struct log_document *document);

/* Continues to read at `*at`, at most to `end`, and moves `*at` to where it stopped. `base` is the start of
 * the buffer, which is at position `offset` of the input. */
enum document_result log_document_read(struct log_document *document, const char *base, size_t offset,
                                       const char **at, const char *end);

/* The position in the input from which the buffer must be kept, when the document was read up to
 * `position`. */
size_t log_document_keep(const struct log_document *document, size_t position);

/* Ends a document that is incomplete or not JSON: reports of complete objects are kept, those of incomplete
 * ones are dropped. */
void log_document_abandon(struct log_document *document);

#endif
