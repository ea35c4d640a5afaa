/* The records that the stages exchange: one JSON object a line (NDJSON), told apart by their member "type".
 *
 * A stage acts on the types it knows and passes every other record on as the bytes it was; a record that a
 * stage adds to keeps the members that the stage does not know. Units stand in the names of members: Ms
 * milliseconds, MB mebibytes as Lambda counts memory. The types and their members are listed in
 * pt-records(7).
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
    unsigned long bad; /* lines that were no records */
};

struct record {
    struct span object; /* the whole object, without white space around it */
    struct span type;   /* the token of its "type", with quotes */
    unsigned long line; /* its number in the input, from 1 */
};

enum record_result {
    RECORD_READ,
    RECORD_END,
    RECORD_BAD, /* reported on standard error with the name of the input and the line */
    RECORD_WAIT /* only from record_buffered: more must be read first */
};

void record_reader_open(struct record_reader *reader, int fd, const char *name);

/* The next record, waiting for it. Empty lines are passed over. A line that is no JSON object with a string
 * member "type", a last line without its newline that is no whole object, and a failed read are RECORD_BAD.
 */
enum record_result record_next(struct record_reader *reader, struct record *record);

/* The same without waiting, of what line_reader_fill has brought: for programs that also wait for other
 * things. */
enum record_result record_buffered(struct record_reader *reader, struct record *record);

/* Gives every line of the file (or, for "-", of standard input) to `take`, for streams in which not only
 * records stand; it reads those with record_of_line. False when the file could not be read, or a line was
 * bad: that was reported. */
bool record_read_lines(const char *path,
                       void (*take)(void *context, struct record_reader *reader, struct span line),
                       void *context);

/* Gives every record of the file (or, for "-", of standard input) to `take`, which may use record_report.
 * Returns how many lines were bad, a file that cannot be read among them: all were reported. */
unsigned long record_read_file(const char *path,
                               void (*take)(void *context, struct record_reader *reader,
                                            const struct record *record),
                               void *context);

/* A line that the caller has taken from `reader->lines` himself: RECORD_READ, RECORD_BAD, or RECORD_WAIT for
 * an empty one. */
enum record_result record_of_line(struct record_reader *reader, struct span line, struct record *record);

void record_reader_close(struct record_reader *reader);

/* True when the record's type is `type`. */
bool record_is(const struct record *record, const char *type);

/* ---- the members of one record ---- */

enum field_kind {
    FIELD_WHOLE,   /* long long: a whole number within minimum..maximum */
    FIELD_NUMBER,  /* double: within minimum..maximum */
    FIELD_STRING,  /* struct span: the token, with its quotes */
    FIELD_BOOLEAN, /* bool */
    FIELD_VALUE    /* struct span: any value */
};

/* One member to be read into one member of a struct. */
struct field {
    const char *name;
    enum field_kind kind;
    size_t offset; /* offsetof in the struct that record_fields fills */
    bool required;
    double minimum, maximum; /* of numbers; both 0: any */
};

/* Fills `target` from the members of `object` that `fields` lists; where a member is absent or null and not
 * required, the target keeps what it had. False when one is missing, has another type or is out of its range:
 * `problem` then says so, as "member 'power' is a string, not a whole number". */
bool record_fields(struct span object, const struct field *fields, size_t count, void *target,
                   struct text *problem);

/* Reports `problem` about a record of the input `name`, naming its line and type, and counts it. */
void record_report(struct record_reader *reader, const struct record *record, const char *problem);

/* Reports that there are `count` records of a type which another program, or programs, must read first. */
void record_report_unread(unsigned long count, const char *type, const char *programs);

/* Appends `object` with other members: `added` is an object whose members replace those of the same name and
 * otherwise come last. Everything else keeps its bytes and its place. */
void record_extend(struct text *out, struct span object, struct span added);

#endif
