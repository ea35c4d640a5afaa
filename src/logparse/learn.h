/* Decides about reports in text that stand after words which prefix.h does not know.
 *
 * A tool puts its words before every line; a function may quote a report, but not START, END and REPORT of
 * one id after the same words as every line of the platform. So such a report counts
 *
 *   - if START or END of the same request id stands after a prefix of the same form (form.h); or
 *   - if more than half of the lines around it, and at least three, have that form, and no line of the
 *     platform among them is without it; or
 *   - if it is alone: complete to its last member, with an id that no other report has. The end of the run
 *     says how many were taken so.
 *
 * It never counts if a function has logged the line: in the form of the runtimes, or between START and END of
 * an invocation that stand without these words, or without the last of them. After the level of a logger ("[INFO] ") it does not count
 * alone.
 *
 * The lines around a report are those of the text up to LEARN_BEFORE bytes before it and LEARN_AFTER bytes
 * after it. While a report waits for a decision, it and the measurements after it are held, so that their
 * order stays. At most LEARN_REPORTS reports and LEARN_HELD bytes wait: then a report that is only alone does
 * not count. Input without such reports is not looked at. */
#ifndef LOGPARSE_LEARN_H
#define LOGPARSE_LEARN_H

#include "logparse/form.h"
#include "logparse/prefix.h"
#include "logparse/seen.h"
#include "util/text.h"

enum {
    LEARN_BEFORE = 16 * 1024,
    LEARN_AFTER = 64 * 1024,
    LEARN_REPORTS = 512,
    LEARN_HELD = 256 * 1024,
    LEARN_FORMS = 8,
    LEARN_RECENT = 256,
    LEARN_STARTED = 64
};

struct log_reader;
struct log_candidate;

enum platform_line { PLATFORM_NONE, PLATFORM_START, PLATFORM_END, PLATFORM_REPORT };

/* A learner that is all zeros is empty. */
struct log_learner {
    struct log_candidate *candidates; /* owned, in the order of the input */
    size_t count, capacity;
    struct text held;        /* owned: records that wait, those of candidates among them */
    size_t examined;         /* lines before this position of the input were examined or passed */
    size_t until;            /* lines before this position are examined */
    size_t settle_at;        /* the position at which the next report is decided about */
    enum platform_line last; /* without unknown words */
    bool platform;           /* a line of the platform without unknown words was examined */
    unsigned long lines;     /* lines that were examined */
    struct log_form forms[LEARN_FORMS];
    unsigned long form_lines[LEARN_FORMS]; /* lines that were examined and begin with the form */
    int form_count;
    struct log_form recent[LEARN_RECENT]; /* of the last lines that were examined, for a form that is new */
    struct {
        struct log_form form;
        uint64_t id;
        bool open;            /* a START, after which no END of its form and id was seen */
    } started[LEARN_STARTED]; /* the last START and END lines after unknown words */
    unsigned long started_count;
};

/* A report at `hit`, after the unknown words between `words` and `hit` in the line that begins at `line`. Its
 * result is READ or not; `end` is where it ends, `prefix` what precedes the words. */
struct log_unknown {
    const char *line, *words, *hit, *end;
    const struct log_prefix *prefix;
    const struct report *report;
    bool read;
};

/* Takes such a report. */
void log_learner_take(struct log_reader *reader, const struct log_unknown *unknown);

/* Examines the lines of the buffer up to `to`, the end of a line, while that is of use. */
void log_learner_examine(struct log_reader *reader, const char *to);

/* Decides about everything that waits, at the end of the input, and releases the learner. */
void log_learner_finish(struct log_reader *reader);

#endif
