#include "tune/marker.h"

#include "util/memory.h"
#include "util/timestamp.h"
#include "util/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DESCRIPTION = 256 }; /* Lambda's limit, in UTF-16 units */

void plan_marker(const char *run_id, long long memory_mb, long long index, struct text *out) {
    text_append_format(out, MARKER_PREFIX "%s:%lld", run_id, memory_mb);
    if (index >= 0)
        text_append_format(out, ":%lld", index);
}

bool marker_run_id(const char *description, struct text *run_id) {
    size_t prefix = strlen(MARKER_PREFIX);
    if (strncmp(description, MARKER_PREFIX, prefix) != 0)
        return false;
    const char *id = description + prefix;
    size_t length = strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzTZ-");
    if (!length || id[length] != ':' || id[length + 1] < '0' || id[length + 1] > '9')
        return false;
    text_append(run_id, id, length);
    return true;
}

/* As pt-init makes them: "20261123T101112Z-abcdef". */
static bool is_run_id(const char *id) {
    static const char form[] = "00000000T000000Z-xxxxxx";
    size_t i = 0;
    for (; form[i] && id[i]; i++) {
        bool digit = id[i] >= '0' && id[i] <= '9';
        bool fits = form[i] == '0'   ? digit
                    : form[i] == 'x' ? digit || (id[i] >= 'a' && id[i] <= 'f')
                                     : id[i] == form[i];
        if (!fits)
            return false;
    }
    return !form[i] && !id[i];
}

bool is_marker(const char *description, const char *run_id) {
    struct text found = TEXT_INIT;
    bool marker = marker_run_id(description, &found) &&
                  (run_id ? strcmp(found.bytes, run_id) == 0 : is_run_id(found.bytes));
    text_release(&found);
    return marker;
}

bool is_whole_marker(const char *description, const char *run_id) {
    static const char digits[] = "0123456789";
    if (!is_marker(description, run_id))
        return false;
    const char *rest = strchr(description + strlen(MARKER_PREFIX), ':') + 1;
    rest += strspn(rest, digits);
    if (*rest == ':' && rest[1])
        rest += 1 + strspn(rest + 1, digits);
    return !*rest;
}

void marker_age(const char *run_id, time_t now, struct text *out) {
    static const struct {
        const char *unit;
        long long seconds;
    } units[] = {{"day", 86400}, {"hour", 3600}, {"minute", 60}, {"second", 1}};
    time_t then;
    if (timestamp_read(run_id, &then)) {
        long long age = (long long)difftime(now, then);
        size_t i = 0;
        while (i < 3 && age < 2 * units[i].seconds)
            i++;
        age = age < 0 ? 0 : age / units[i].seconds;
        text_append_format(out, "%lld %s%s ago ", age, units[i].unit, age == 1 ? "" : "s");
    }
    text_append_format(out, "(%s)", run_id);
}

/* How many bytes at the start of `string` take at most `units` UTF-16 units. */
static size_t bytes_within(const char *string, size_t units) {
    size_t length = strlen(string), taken = 0;
    while (taken < length) {
        unsigned long code_point = 0;
        size_t size = utf8_decode(string + taken, length - taken, &code_point);
        size_t needed = code_point > 0xffff ? 2 : 1;
        if (needed > units)
            break;
        units -= needed;
        taken += size ? size : 1;
    }
    return taken;
}

void marker_describe(const char *marker, const struct trial *trial, struct text *out) {
    struct text had = TEXT_INIT;
    text_append_format(&had, "%s (trial; was %lld MB, %lld s", marker, trial->memory_size, trial->timeout);
    if (trial->trial_timeout)
        text_append_format(&had, " now %lld s", trial->trial_timeout);
    if (*trial->log_level)
        text_append_format(&had, ", %s now INFO", trial->log_level);
    size_t room = MAX_DESCRIPTION - had.length - strlen(") ");
    bool fits = bytes_within(trial->description, room) == strlen(trial->description);
    if (!fits)
        text_append_string(&had, "; cut");
    room = MAX_DESCRIPTION - had.length - strlen(") ");
    text_append_format(out, "%s)%s%.*s", had.bytes, *trial->description ? " " : "",
                       (int)bytes_within(trial->description, room), trial->description);
    text_release(&had);
}

/* Steps over `word`; false when something else is there. */
static bool skip_word(const char **at, const char *word) {
    size_t length = strlen(word);
    bool there = strncmp(*at, word, length) == 0;
    *at += there ? length : 0;
    return there;
}

static bool read_number(const char **at, long long *number) {
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    *number = strtoll(*at, &end, 10);
    *at = end;
    return true;
}

static bool read_level(const char **at, char level[static 6]) {
    size_t length = strspn(*at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    if (!length || length > 5)
        return false;
    memcpy(level, *at, length);
    level[length] = '\0';
    *at += length;
    return skip_word(at, " now INFO");
}

/* Reads the part in parentheses and returns where the description begins; NULL when the text has another
 * form. */
static const char *read_trial(const char *at, struct trial *trial) {
    long long index;
    if (!read_number(&at, &trial->memory_mb) || (*at == ':' && (at++, !read_number(&at, &index))) ||
        !skip_word(&at, " (trial; was ") || !read_number(&at, &trial->memory_size) ||
        !skip_word(&at, " MB, ") || !read_number(&at, &trial->timeout) || !skip_word(&at, " s"))
        return NULL;
    if (skip_word(&at, " now ") && (!read_number(&at, &trial->trial_timeout) || !skip_word(&at, " s")))
        return NULL;
    if (skip_word(&at, ", ") && !read_level(&at, trial->log_level))
        return NULL;
    trial->cut = skip_word(&at, "; cut");
    if (!skip_word(&at, ")") || (*at && !skip_word(&at, " ")))
        return NULL;
    return at;
}

bool marker_read(const char *description, struct trial *trial) {
    struct text run_id = TEXT_INIT;
    *trial = (struct trial){0};
    const char *own = NULL;
    if (is_marker(description, NULL) && marker_run_id(description, &run_id))
        own = read_trial(description + strlen(MARKER_PREFIX) + run_id.length + 1, trial);
    if (own) {
        trial->run_id = memory_copy_string(run_id.bytes);
        trial->description = memory_copy_string(own);
    }
    text_release(&run_id);
    return own != NULL;
}

void trial_release(struct trial *trial) {
    free(trial->run_id);
    free(trial->description);
}
