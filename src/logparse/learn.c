#include "logparse/learn.h"

#include "logparse/place.h"
#include "util/memory.h"

#include <stdlib.h>
#include <unistd.h>

enum { MAX_LINE_LOOK = 512, MAX_WORDS = 128, MIN_FORM_LINES = 3, REQUEST_ID = 36 };

enum state { WAITS, TAKEN, ALONE, QUOTED, UNREADABLE };

struct log_candidate {
    size_t place; /* of its line */
    unsigned long line;
    size_t start, length; /* its record, in the held text; length 0: it could not be read */
    uint64_t id;
    struct seen_key key;
    int form;          /* index of its form; -1: there are too many */
    bool started;      /* START or END of its id has the same form */
    bool outside;      /* not between START and END of an invocation */
    bool settled;      /* the lines around it were examined */
    bool level, alone; /* the words are a level; it may count alone */
    enum state state;
    struct log_form words;
    char reason[96];
};

/* ---- lines ---- */

static const char *line_end(const char *at, const char *limit) {
    const char *newline = memchr(at, '\n', (size_t)(limit - at));
    return newline ? newline : limit;
}

static struct span id_at(const char *at, const char *end) {
    const char *stop = at;
    while (stop < end && *stop != ' ' && *stop != '\t' && *stop != '\r')
        stop++;
    return (struct span){at, (size_t)(stop - at)};
}

/* Finds "START RequestId: ", END or REPORT in the line; `*keyword` is where it begins, `*id` its id. */
static enum platform_line find_platform(const char *line, const char *end, const char **keyword,
                                        struct span *id) {
    static const char name[] = "RequestId: ";
    static const char *const keywords[] = {NULL, "START ", "END ", "REPORT "};
    const char *limit = end - line > MAX_LINE_LOOK ? line + MAX_LINE_LOOK : end;
    const char *found = memmem(line, (size_t)(limit - line), name, sizeof name - 1);
    if (!found)
        return PLATFORM_NONE;
    *id = id_at(found + sizeof name - 1, end);
    for (enum platform_line i = PLATFORM_START; i <= PLATFORM_REPORT; i++) {
        size_t length = strlen(keywords[i]);
        *keyword = found - length;
        if ((size_t)(found - line) >= length && memcmp(*keyword, keywords[i], length) == 0)
            return i;
    }
    return PLATFORM_NONE;
}

/* ---- decisions ---- */

static void note(struct log_reader *reader, const struct log_candidate *candidate, enum log_note_kind kind) {
    log_sink_note_at(reader->sink, kind, candidate->place, candidate->line, candidate->reason);
}

/* Writes what is held up to the first report that waits. */
static void release(struct log_reader *reader) {
    struct log_learner *learner = &reader->learner;
    const char *held = text_string(&learner->held);
    size_t done = 0, i = 0;
    for (; i < learner->count && learner->candidates[i].state != WAITS; i++) {
        const struct log_candidate *candidate = &learner->candidates[i];
        bool counts = (candidate->state == TAKEN || candidate->state == ALONE) && candidate->length;
        log_sink_release(reader->sink, (struct span){held + done, candidate->start - done});
        if (counts && log_sink_counts(reader->sink, &candidate->key, candidate->id, false))
            log_sink_release(reader->sink, (struct span){held + candidate->start, candidate->length});
        done = candidate->start + candidate->length;
        if (candidate->state == ALONE)
            note(reader, candidate, NOTE_ALONE);
        else if (candidate->state == QUOTED)
            note(reader, candidate, NOTE_QUOTED);
        else if (candidate->state == UNREADABLE || !candidate->length)
            note(reader, candidate, NOTE_UNREADABLE);
    }
    if (!i)
        return;
    size_t rest = i < learner->count ? learner->candidates[i].start : learner->held.length;
    log_sink_release(reader->sink, (struct span){held + done, rest - done});
    learner->count -= i;
    if (learner->count)
        memmove(learner->candidates, learner->candidates + i, learner->count * sizeof *learner->candidates);
    for (size_t k = 0; k < learner->count; k++)
        learner->candidates[k].start -= rest;
    if (learner->held.length > rest)
        memmove(learner->held.bytes, learner->held.bytes + rest, learner->held.length - rest);
    learner->held.length -= rest;
    if (learner->held.bytes)
        learner->held.bytes[learner->held.length] = '\0';
    reader->sink->held = learner->count ? &learner->held : NULL;
}

static bool is_common(const struct log_learner *learner, const struct log_candidate *candidate) {
    unsigned long lines = candidate->form < 0 ? 0 : learner->form_lines[candidate->form];
    return lines >= MIN_FORM_LINES && lines * 2 > learner->lines && !learner->platform;
}

/* Decides about a report whose lines around were examined; one that may count alone waits for the end. */
static void settle(struct log_learner *learner, struct log_candidate *candidate) {
    candidate->settled = true;
    if (candidate->started || is_common(learner, candidate))
        candidate->state = TAKEN;
    else if (candidate->level)
        candidate->state = QUOTED;
    else if (!candidate->alone)
        candidate->state = UNREADABLE;
}

/* Settles the reports whose lines around end before position `place` of the input. */
static void settle_before(struct log_learner *learner, size_t place) {
    learner->settle_at = SIZE_MAX;
    for (size_t i = 0; i < learner->count; i++) {
        struct log_candidate *candidate = &learner->candidates[i];
        size_t until = candidate->place + LEARN_AFTER;
        if (candidate->state != WAITS || candidate->settled)
            continue;
        if (candidate->started && candidate->outside)
            candidate->state = TAKEN;
        else if (until <= place)
            settle(learner, candidate);
        else if (until < learner->settle_at)
            learner->settle_at = until;
    }
}

/* The number of reports with the id of the candidate that wait or were read. */
static bool is_only(const struct log_reader *reader, const struct log_candidate *candidate) {
    const struct log_learner *learner = &reader->learner;
    size_t same = 0;
    for (size_t i = 0; i < learner->count; i++)
        same += learner->candidates[i].id == candidate->id;
    return same == 1 && !reader->sink->ids.partial;
}

/* Decides about the reports that may count alone. `last`: the whole input was read. */
static void decide_alone(struct log_reader *reader, bool last) {
    struct log_learner *learner = &reader->learner;
    settle_before(learner, SIZE_MAX);
    for (size_t i = 0; i < learner->count; i++) {
        struct log_candidate *candidate = &learner->candidates[i];
        if (candidate->state != WAITS)
            continue;
        if (log_ids_find(&reader->sink->ids, candidate->id))
            candidate->state = QUOTED;
        else
            candidate->state = last && is_only(reader, candidate) ? ALONE : UNREADABLE;
    }
    release(reader);
}

/* ---- examining lines ---- */

/* A line of the platform without unknown words: an END ends what a START before it began, so the reports
 * between are the function's. */
static void see_platform(struct log_learner *learner, enum platform_line kind) {
    for (size_t i = 0; i < learner->count && learner->last == PLATFORM_NONE; i++) {
        struct log_candidate *candidate = &learner->candidates[i];
        if (candidate->state == WAITS && !candidate->outside && kind == PLATFORM_END)
            candidate->state = QUOTED;
        candidate->outside = true;
    }
    learner->last = kind;
    learner->platform = true;
}

/* True when START of an invocation, but not its END, was seen after words that those of the form begin with:
 * the rest of them is the function's. */
static bool is_inside(const struct log_learner *learner, const struct log_form *form) {
    for (unsigned long i = 0; i < learner->started_count && i < LEARN_STARTED; i++)
        if (learner->started[i].open && log_form_extends(form, &learner->started[i].form))
            return true;
    return false;
}

/* A START or END line after unknown words. */
static void see_started(struct log_learner *learner, enum platform_line kind, struct log_form form,
                        uint64_t id) {
    if (is_inside(learner, &form))
        return;
    for (unsigned long i = 0; i < learner->started_count && i < LEARN_STARTED; i++)
        if (learner->started[i].id == id && log_form_same(&learner->started[i].form, &form))
            learner->started[i].open = false;
    unsigned long next = learner->started_count++ % LEARN_STARTED;
    learner->started[next].form = form;
    learner->started[next].id = id;
    learner->started[next].open = kind == PLATFORM_START;
    for (size_t i = 0; i < learner->count; i++)
        if (learner->candidates[i].id == id && log_form_same(&learner->candidates[i].words, &form))
            learner->candidates[i].started = true;
}

static void examine_line(struct log_learner *learner, const char *line, const char *end) {
    struct log_prefix prefix;
    struct span id;
    const char *keyword, *words = log_prefix_skip(line, end, &prefix);
    if (words == end || *words == '\r')
        return;
    struct log_form form = log_form_of((struct span){words, (size_t)(end - words)});
    for (int i = 0; i < learner->form_count; i++)
        learner->form_lines[i] += log_form_begins(&learner->forms[i], &form);
    learner->recent[learner->lines++ % LEARN_RECENT] = form;
    enum platform_line kind = find_platform(line, end, &keyword, &id);
    if (kind && keyword <= words)
        see_platform(learner, kind);
    else if (kind == PLATFORM_START || kind == PLATFORM_END)
        see_started(learner, kind, log_form_of((struct span){words, (size_t)(keyword - words)}),
                    log_id_hash(id));
}

/* Examines the lines from `at` to `end`, the first of which is at position `place` of the input, up to the
 * position `until`. */
static void examine_lines(struct log_learner *learner, const char *at, const char *end, size_t place,
                          size_t until) {
    const char *start = at;
    for (size_t here = place; at < end && here < until; here = place + (size_t)(at - start)) {
        if (here >= learner->settle_at)
            settle_before(learner, here);
        const char *stop = line_end(at, end);
        examine_line(learner, at, stop);
        at = stop + (stop < end);
    }
}

void log_learner_examine(struct log_reader *reader, const char *to) {
    struct log_learner *learner = &reader->learner;
    size_t place = log_place_of(reader, to), from = learner->examined;
    if (!learner->until || place <= from)
        return;
    from = from > reader->text_from ? from : reader->text_from;
    from = from > reader->offset ? from : reader->offset;
    if (from < place)
        examine_lines(learner, log_at_place(reader, from), to, from, learner->until);
    learner->examined = place;
    if (learner->count) {
        settle_before(learner, place);
        release(reader);
    }
    if (learner->held.length > LEARN_HELD)
        decide_alone(reader, false);
}

/* Examines the lines before a report that the learner has not seen, from the file if the buffer has them no
 * more. */
static void examine_before(struct log_reader *reader, const char *line) {
    struct log_learner *learner = &reader->learner;
    size_t place = log_place_of(reader, line), from = place > LEARN_BEFORE ? place - LEARN_BEFORE : 0;
    size_t floor = learner->examined > reader->text_from ? learner->examined : reader->text_from;
    bool whole = from <= floor;
    from = whole ? floor : from;
    char bytes[LEARN_BEFORE];
    const char *at = bytes;
    if (from >= place)
        return;
    if (from >= reader->offset)
        at = log_at_place(reader, from);
    else if (!reader->source.regular ||
             pread(reader->source.fd, bytes, place - from, (off_t)from) != (ssize_t)(place - from))
        return;
    const char *end = at + (place - from), *newline = whole ? NULL : memchr(at, '\n', (size_t)(end - at));
    if (!whole && !newline)
        return;
    if (!whole)
        learner->last = PLATFORM_NONE;
    at = whole ? at : newline + 1;
    examine_lines(learner, at, end, place - (size_t)(end - at), place);
}

/* ---- reports ---- */

static int form_index(struct log_learner *learner, const struct log_form *form) {
    for (int i = 0; i < learner->form_count; i++)
        if (log_form_same(&learner->forms[i], form))
            return i;
    if (learner->form_count == LEARN_FORMS)
        return -1;
    learner->forms[learner->form_count] = *form;
    for (unsigned long i = 0; i < learner->lines && i < LEARN_RECENT; i++)
        learner->form_lines[learner->form_count] += log_form_begins(form, &learner->recent[i]);
    return learner->form_count++;
}

/* True for words that a logger puts before what a function logs: a level in brackets or before a bar. */
static bool is_level(const struct log_unknown *unknown) {
    return unknown->prefix->function_line || log_prefix_is_level(unknown->words, unknown->hit);
}

/* True when nothing but known fields follows the id, up to the end of the line. */
static bool is_complete(const struct log_unknown *unknown) {
    const char *id = unknown->report->request_id.start, *end = unknown->end;
    while (end > id && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
        end--;
    bool last = (end - id > 2 && (memcmp(end - 2, "MB", 2) == 0 || memcmp(end - 2, "ms", 2) == 0)) ||
                unknown->report->status.start;
    return unknown->read && unknown->report->request_id.length == REQUEST_ID && last &&
           unknown->hit - unknown->words <= MAX_WORDS && log_message_is_report(unknown->hit, end) &&
           !memchr(unknown->words, '"', (size_t)(unknown->hit - unknown->words));
}

static void set_reason(struct log_candidate *candidate, const struct log_unknown *unknown) {
    log_note_prefix(candidate->reason,
                    (struct span){unknown->words, (size_t)(unknown->hit - unknown->words)});
}

/* True when START or END of the id was seen after words of the same form. */
static bool was_started(const struct log_learner *learner, const struct log_candidate *candidate) {
    for (unsigned long i = 0; i < learner->started_count && i < LEARN_STARTED; i++)
        if (learner->started[i].id == candidate->id &&
            log_form_same(&learner->started[i].form, &candidate->words))
            return true;
    return false;
}

void log_learner_take(struct log_reader *reader, const struct log_unknown *unknown) {
    struct log_learner *learner = &reader->learner;
    struct log_candidate candidate = {.place = log_place_of(reader, unknown->line),
                                      .id = log_id_hash(unknown->report->request_id),
                                      .level = is_level(unknown),
                                      .alone = is_complete(unknown)};
    candidate.line = log_line_now(reader, candidate.place);
    candidate.words = log_form_of((struct span){unknown->words, (size_t)(unknown->hit - unknown->words)});
    if (learner->until > learner->examined)
        log_learner_examine(reader, unknown->line);
    else
        examine_before(reader, unknown->line);
    candidate.form = form_index(learner, &candidate.words);
    if (learner->count >= LEARN_REPORTS || learner->held.length > LEARN_HELD)
        decide_alone(reader, false);
    learner->examined = candidate.place;
    learner->until = candidate.place + LEARN_AFTER;
    candidate.outside = learner->last != PLATFORM_NONE;
    candidate.started = was_started(learner, &candidate);
    set_reason(&candidate, unknown);
    if (learner->last == PLATFORM_START || is_inside(learner, &candidate.words) ||
        log_prefix_is_function_line(unknown->line, unknown->words, unknown->end) ||
        !log_message_is_report(unknown->hit, unknown->end))
        candidate.state = QUOTED;
    reader->sink->held = &learner->held;
    candidate.start = learner->held.length;
    if (unknown->read) {
        measurement_append(&learner->held, unknown->report, &unknown->prefix->origin);
        text_append_byte(&learner->held, '\n');
        candidate.key = seen_key(unknown->report);
    }
    candidate.length = learner->held.length - candidate.start;
    learner->candidates = memory_reserve(learner->candidates, &learner->capacity, learner->count + 1,
                                         sizeof *learner->candidates);
    learner->candidates[learner->count++] = candidate;
    settle_before(learner, candidate.place);
    release(reader);
}

void log_learner_finish(struct log_reader *reader) {
    decide_alone(reader, true);
    reader->sink->held = NULL;
    free(reader->learner.candidates);
    text_release(&reader->learner.held);
    reader->learner = (struct log_learner){0};
}
