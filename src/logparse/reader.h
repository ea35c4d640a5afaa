/* Reads stored logs: plain text, JSON documents, tables, and the records of this toolkit, in any mixture.
 * Reports go to a sink, records to the caller.
 *
 * The way of a byte through this folder, with the file for each step:
 *
 *   1. Source (source.c). Reads the file or pipe. The first bytes select gzip or zstd decompression, or
 *      UTF-16 (utf16.c). Everything after this step is UTF-8 text.
 *   2. Blocks (reader-loop.c). Without --distinct, a large plain file is cut into blocks that two threads
 *      process (blocks.c) with the fast path (fast.c), which gives up at anything unusual. The reader then
 *      reads that block, and all other input, as follows. The output is the same either way.
 *   3. Buffer (fill.c). Appends input to the reader's buffer and drops what is not needed any more.
 *   4. Form (reader.c). The first lines select records (own-record.c), a table (table.c) or text
 *      (reader-form.c); a bracket in text may open a document (document.c). In text, scan.c finds the few
 *      places (anchors) that need a look.
 *   5. Line, document or table row. In a text line, prefix.c skips what a tool put before the message.
 *      document.c reads JSON as it arrives; member.c knows which members hold messages, and where they come
 *      from; packed.c unpacks base64 and gzip; python.c makes JSON of Python's notation; log-event.c skips events without a report. table.c finds the
 *      columns; row.c makes a report of figures that have members or columns of their own.
 *      learn.c decides about reports after words that prefix.c does not know.
 *   6. Message (message.c). Skips prefixes again and finds the report in the message, which may itself be a
 *      document: then back to 5, one level deeper.
 *   7. Report (tune/reportline.h). Parses a text line or a platform.report object. A line about an invocation
 *      that ended badly (ending.c) gives its measurement a status.
 *   8. Measurement (deferred.c). Reports in a document wait until the document has given their origin. With
 *      --distinct, seen.c drops duplicates. ids.c finds events of Lambda Insights whose report was read, too.
 *      note.c describes reports that gave no measurement. tune/measurement.h appends the record to the output.
 *
 * Where to add:
 *   - a form of input: a mode in enum log_mode, its first line in reader-form.c, its step in log_reader_step
 *     (reader.c), and a file for it beside table.c; a layout of tables: a branch in table.c;
 *   - a prefix before a message: a function in prefix.c, and a row of PREFIXES there with an example;
 *   - a wrapper: a member that holds a message or an origin is a line of the table in member.c, and a new
 *     kind of member a row in examples.c; an encoding of a member's value goes beside take_packed in
 *     document.c; an encoding of the whole input is a kind of packing in source.c.
 *
 * Each of them needs a stored log in tests/fixtures/logs or a test in tests/logparse-*.bats, and
 * fast.c must give up at whatever the new form may give another meaning. */
#ifndef LOGPARSE_READER_H
#define LOGPARSE_READER_H

#include "logparse/document.h"
#include "logparse/learn.h"
#include "logparse/message.h"
#include "logparse/source.h"

/* Called for each record (a JSON object with a string member "type") of an input in LOG_RECORDS mode. The
 * spans are valid during the call; `line` counts from 1. */
typedef void log_record_function(void *context, struct span object, struct span type, unsigned long line);

/* Called for each record of this toolkit that is truncated or invalid, with the reason in `why`. `type` is
 * NULL for a line that is too long, which also ends the input. */
typedef void log_bad_record_function(void *context, const char *type, const char *why, unsigned long line);

enum log_mode { LOG_TEXT, LOG_DOCUMENT, LOG_TABLE, LOG_RECORDS };

struct log_reader {
    struct log_source source;
    struct log_sink *sink;
    struct log_deferred *deferred;
    struct log_context context;
    log_record_function *record;
    log_bad_record_function *bad_record;
    void *record_context;
    enum log_mode mode;
    char *buffer;                    /* owned */
    size_t capacity, start, at, end; /* kept from `start`; processed up to `at`; filled up to `end` */
    size_t offset;                   /* position of the buffer's first byte in the input */
    unsigned long lines;             /* newlines before the buffer, for a source that cannot be read again */
    bool at_end;                     /* no more input follows */
    bool first;                      /* the mode is not yet selected */
    int lines_before;                /* number of lines before it that were passed */
    bool headless;                   /* the start of the current line was dropped */
    bool after_document;             /* what was dropped is a document */
    bool reported;                   /* a report was met */
    size_t plain_line;  /* 1 + position of a line that looks like a document but is text; 0: none */
    size_t text_from;   /* position at which the text that is read began */
    size_t taken_until; /* the position of a report that needs more input: what is before it was processed */
    size_t embedded_until;  /* objects in text before this position were processed */
    size_t document_line;   /* position of the line in which the document begins */
    size_t document_report; /* 1 + position of a report in the document while it has given none; 0: none */
    unsigned long document_found; /* number of reports and notes before the document */
    struct log_document document;
    struct log_table *table;    /* owned: the columns, in LOG_TABLE mode */
    struct log_learner learner; /* owned */
    size_t counted_place; /* for a source that cannot be read again: a position, and the newlines before */
    unsigned long counted_lines;
};

/* Prepares to read `fd`, which the caller closes. `name` is for messages and must outlive the reader, as
 * `sink` and `deferred` must. The caller then sets `record`, `bad_record` and `record_context`. */
void log_reader_open(struct log_reader *reader, int fd, const char *name, struct log_sink *sink,
                     struct log_deferred *deferred);

/* Reads the whole input, writes all measurements and counts what gave none (note.h). False when a read failed, which has been reported. */
bool log_reader_run(struct log_reader *reader);

/* Releases a reader after log_reader_run. */
void log_reader_close(struct log_reader *reader);

/* The number of lines of the input, after log_reader_run. */
unsigned long log_reader_lines(const struct log_reader *reader);

#endif
