/* Stored logs in every form that people have them in, read in blocks: plain text, JSON documents, tables, and
 * the records of this toolkit, told apart as they come. The reports go to a sink; records go to the caller.
 */
#ifndef LOGPARSE_READER_H
#define LOGPARSE_READER_H

#include "logparse/document.h"
#include "logparse/message.h"
#include "logparse/source.h"

/* Called with each line that is a record (a JSON object with a string member "type"), in a stream that has
 * records. */
typedef void log_record_function(void *context, struct span object, struct span type, unsigned long line);

/* Called with each record of this toolkit that is cut off or has wrong members; `type` is NULL for a line
 * that is too long, which also ends the input. */
typedef void log_bad_record_function(void *context, const char *type, const char *why, unsigned long line);

enum log_mode { LOG_TEXT, LOG_DOCUMENT, LOG_TABLE, LOG_RECORDS };

struct log_reader {
    struct log_source source;
    struct log_sink *sink;
    struct log_deferred *pending;
    struct log_context context;
    log_record_function *record;
    log_bad_record_function *bad_record;
    void *record_context;
    enum log_mode mode;
    char *buffer;                    /* owned */
    size_t capacity, start, at, end; /* kept from `start`; read up to `at`; filled up to `end` */
    size_t offset;                   /* the number of the buffer's first byte in the input */
    unsigned long lines;             /* newlines before the buffer, where the source cannot be read again */
    bool at_end, first, headless; /* nothing more comes; the first line is next; the line's start is lost */
    size_t
        plain_line; /* the line that begins with this byte, plus 1, is no document though it looks like one */
    size_t glued_until;   /* objects in text before this byte were met already */
    size_t document_line; /* where the line of the document begins */
    struct log_document document;
    struct log_table *table;       /* owned: the columns in LOG_TABLE */
    unsigned long unreadable_line; /* where the first report stands that could not be read; 0: none */
};

/* `fd` stays the caller's; `name` is for messages. */
void log_reader_open(struct log_reader *reader, int fd, const char *name, struct log_sink *sink,
                     struct log_deferred *pending);

/* Reads everything: no document is open then. False when a read failed; that was reported. */
bool log_reader_run(struct log_reader *reader);

/* Of one that has run. */
void log_reader_close(struct log_reader *reader);

/* The number of lines of the whole input, once it was read. */
unsigned long log_reader_lines(const struct log_reader *reader);

#endif
