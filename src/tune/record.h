/* The records that the stages exchange: one JSON object per line (NDJSON), distinguished by the member
 * "type". pt-records(7) describes all types and their members.
 *
 * A stage acts on the types that it knows and copies every other record byte for byte. When a stage adds
 * members to a record, it keeps members that it does not know. Member names contain their units: Ms is
 * milliseconds, MB is mebibytes as Lambda counts memory.
 *
 * Spans point into the line that they were read from and are valid as long as it is. */
#ifndef TUNE_RECORD_H
#define TUNE_RECORD_H

#include "util/json.h"
#include "util/lines.h"
#include "util/span.h"

#include <stdbool.h>

/* ---- a stream of records ---- */

struct record_reader {
    struct line_reader lines;
    unsigned long bad; /* number of lines that were not records */
};

struct record {
    struct span object; /* the whole object, without surrounding white space */
    struct span type;   /* the token of its "type", with quotes */
    unsigned long line; /* line number in the input, from 1 */
};

enum record_result {
    RECORD_READ,
    RECORD_END,
    RECORD_BAD, /* not a record: reported with the name of the input and the line */
    RECORD_WAIT /* only from record_buffered and record_of_line: no record yet */
};

/* Opens the file `path`, or "-": standard input. False when it cannot be opened, which is reported.
 * record_reader_close closes the file, but leaves standard input open. */
bool record_reader_open(struct record_reader *reader, const char *path);
void record_reader_close(struct record_reader *reader);

/* Reads the next record, and waits for it. Empty lines are skipped. RECORD_BAD means a line that is not a
 * JSON object with a string member "type", an incomplete last line, or a failed read; it is reported. */
enum record_result record_next(struct record_reader *reader, struct record *record);

/* Like record_next, without waiting: reads only what line_reader_fill has already read. For programs that
 * also wait for other events. */
enum record_result record_buffered(struct record_reader *reader, struct record *record);

/* Calls `take` with every line of the file ("-": standard input), for streams that also contain lines other
 * than records; `take` reads records with record_of_line. False when the file could not be read or a line was
 * bad, which was reported. */
bool record_read_lines(const char *path,
                       void (*take)(void *context, struct record_reader *reader, struct span line),
                       void *context);

/* Calls `take` with every record of the file ("-": standard input); `take` may use record_report. Returns the
 * number of bad lines; a file that cannot be read counts as one. All were reported. */
unsigned long record_read_file(const char *path,
                               void (*take)(void *context, struct record_reader *reader,
                                            const struct record *record),
                               void *context);

/* Reads the record from a line that the caller has taken from `reader->lines`: RECORD_READ, RECORD_BAD, or
 * RECORD_WAIT for an empty line. */
enum record_result record_of_line(struct record_reader *reader, struct span line, struct record *record);

/* True when the record's type is `type`. */
bool record_is(const struct record *record, const char *type);

/* ---- the members of one record ---- */

enum field_kind {
    FIELD_WHOLE,   /* long long: a whole number from minimum to maximum */
    FIELD_NUMBER,  /* double: from minimum to maximum */
    FIELD_STRING,  /* struct span: the token, with its quotes */
    FIELD_BOOLEAN, /* bool */
    FIELD_VALUE,   /* struct span: a value of any type */
    FIELD_COPY,    /* char *: the content of a string, NULL or owned */
    FIELD_JSON     /* char *: the token of a value of any type, NULL or owned */
};

/* How to read one member of an object into one member of a struct. */
struct field {
    const char *name;
    enum field_kind kind;
    size_t offset; /* offset in the struct that record_fields fills */
    bool required;
    double minimum, maximum; /* of a number; both 0: no limits */
};

/* Reads the members that `fields` lists from `object` into `target`. A member that is absent or null, and not
 * required, leaves its part of `target` unchanged. False when a required member is missing, or one has the
 * wrong type or is out of range; `problem` then says so: "member 'power' is a string, not a whole number". */
bool record_fields(struct span object, const struct field *fields, size_t count, void *target,
                   struct text *problem);

/* The number `name` of the object, or of its member `parent` (NULL: of the object itself); `fallback` when
 * there is none. The object may be absent. */
double record_number(struct span object, const char *parent, const char *name, double fallback);

/* The same for an array of two numbers. False when there is none; `interval` is then unchanged. */
bool record_interval(struct span object, const char *parent, const char *name, double interval[2]);

/* Reports `problem` with the input's name, the line and the type of the record, and counts the record as
 * bad. */
void record_report(struct record_reader *reader, const struct record *record, const char *problem);

/* Reports that `count` records of this type must first be processed by another program, or programs. */
void record_report_unread(unsigned long count, const char *type, const char *programs);

/* Appends `object` with the members of `added`, another object: they replace members with the same names, and
 * are otherwise added at the end. All other members keep their bytes and their order. */
void record_extend(struct text *out, struct span object, struct span added);

#endif
