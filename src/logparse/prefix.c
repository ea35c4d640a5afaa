#include "logparse/prefix.h"

#include "util/timestamp.h"

#include <string.h>
#include <strings.h>

enum { MAX_NAME = 160, MAX_GROUP = 600 };

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t';
}

static bool is_name_byte(char byte) {
    return timestamp_is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte == '-' || byte == '.';
}

static const char *skip_digits(const char *at, const char *end) {
    while (at < end && timestamp_is_digit(*at))
        at++;
    return at;
}

static const char *skip_blanks(const char *at, const char *end) {
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static const char *skip_word(const char *at, const char *end) {
    while (at < end && !is_blank(*at) && *at != ',' && *at != '"')
        at++;
    return at;
}

/* ---- times ---- */

/* "Sep 15 18:27:34", as syslog writes it: without a year it tells no time. */
static const char *syslog_time(const char *at, const char *end) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t ignored;
    if (end - at < 15 || at[3] != ' ')
        return NULL;
    for (size_t i = 0; i < 12; i++)
        if (memcmp(at, months + 3 * i, 3) == 0) {
            const char *day = skip_blanks(at + 4, end), *behind = skip_digits(day, end);
            return behind > day && behind < end && *behind == ' '
                       ? timestamp_time_of_day(behind + 1, end, &ignored)
                       : NULL;
        }
    return NULL;
}

/* ---- names ---- */

/* A level of a logger, in letters of any case. */
static bool is_level(const char *at, size_t length) {
    static const char *const levels[] = {"TRACE", "DEBUG", "INFO",     "WARN",  "WARNING",
                                         "ERROR", "FATAL", "CRITICAL", "NOTICE"};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strlen(levels[i]) == length && strncasecmp(at, levels[i], length) == 0)
            return true;
    return false;
}

struct span log_group_function(struct span group) {
    static const char path[] = "/aws/lambda/";
    const char *found = group.start ? memmem(group.start, group.length, path, sizeof path - 1) : NULL;
    if (!found)
        return (struct span){NULL, 0};
    const char *name = found + sizeof path - 1;
    return (struct span){name, (size_t)(group.start + group.length - name)};
}

struct span log_stream_function(struct span stream) {
    const char *bracket = memchr(stream.start, '[', stream.length), *name = bracket;
    while (name && name > stream.start && name[-1] != '/')
        name--;
    return name && name > stream.start && name < bracket ? (struct span){name, (size_t)(bracket - name)}
                                                         : (struct span){NULL, 0};
}

/* 2024/05/01/[$LATEST]debaa76862ec44c5..., maybe in colour. */
static const char *log_stream(const char *at, const char *end) {
    int number;
    const char *start = at;
    if (!timestamp_digits(&at, end, 4, &number) || !timestamp_byte(&at, end, '/') ||
        !timestamp_digits(&at, end, 2, &number) || !timestamp_byte(&at, end, '/') ||
        !timestamp_digits(&at, end, 2, &number) || !timestamp_byte(&at, end, '/'))
        return NULL;
    const char *word = skip_word(at, end), *colour = memchr(at, '\033', (size_t)(word - at));
    at = colour ? colour : word;
    return memchr(start, '[', (size_t)(at - start)) && memchr(start, ']', (size_t)(at - start)) ? at : NULL;
}

/* /aws/lambda/NAME, or with the account's number and a colon in front. */
static const char *log_group(const char *at, const char *end) {
    const char *path = skip_digits(at, end);
    if (path > at && path < end && *path == ':')
        path++;
    else
        path = at;
    if (path >= end || *path != '/')
        return NULL;
    const char *word = skip_word(path, end), *colour = memchr(path, '\033', (size_t)(word - path));
    const char *behind = colour ? colour : word;
    return behind - path > 1 && behind - at < MAX_GROUP ? behind : NULL;
}

/* "name | ": what docker compose writes. */
static const char *piped_name(const char *at, const char *end) {
    const char *behind = at;
    while (behind < end && is_name_byte(*behind) && behind - at < MAX_NAME)
        behind++;
    const char *bar = skip_blanks(behind, end);
    bool named = behind > at && !is_level(at, (size_t)(behind - at));
    return named && bar < end && *bar == '|' ? bar + 1 : NULL;
}

/* "[name] " or "<name id> ". */
static const char *enclosed_name(const char *at, const char *end, struct log_prefix *prefix) {
    const char closing = *at == '[' ? ']' : '>';
    size_t room = (size_t)(end - at) < MAX_NAME ? (size_t)(end - at) : MAX_NAME;
    const char *behind = memchr(at, closing, room);
    if (!behind || behind + 1 >= end || !is_blank(behind[1]))
        return NULL;
    const char *name = skip_blanks(at + 1, behind);
    if (is_level(name, (size_t)(skip_word(name, behind) - name))) {
        /* As the runtimes write it: in others' text a report may follow that is JSON. */
        prefix->users = closing == ']' && name[1] < 'a';
        return NULL;
    }
    return behind + 1;
}

/* "host program[123]: " behind a time, as journald and syslog write it; the number may be absent with
 * `bare`. */
static const char *journal_name(const char *at, const char *end, bool bare) {
    const char *host = skip_blanks(at, end), *behind = skip_word(host, end);
    const char *program = skip_blanks(behind, end);
    behind = skip_word(program, end);
    if (behind == program || behind - at > MAX_NAME || behind - program < 4)
        return NULL;
    return behind[-1] == ':' && (bare || (behind[-2] == ']' && timestamp_is_digit(behind[-3]))) ? behind
                                                                                                : NULL;
}

/* The times that journald has only in front of a name: "Wed 2024-05-01 10:00:00 UTC", seconds since 1970. */
static const char *journal_time(const char *at, const char *end, int64_t *timestamp) {
    const char *behind = end - at > 4 && at[3] == ' ' ? timestamp_parse(at + 4, end, timestamp) : NULL;
    if (behind) {
        const char *zone = skip_blanks(behind, end);
        behind = skip_word(zone, end);
        /* What other names mean, only their machine knows. */
        if (behind - zone != 3 || memcmp(zone, "UTC", 3) != 0)
            *timestamp = 0;
        return behind;
    }
    const char *point = skip_digits(at, end);
    int micros;
    behind = point + 1;
    if (point - at != 10 || point == end || *point != '.' || !timestamp_digits(&behind, end, 6, &micros))
        return NULL;
    *timestamp = 0;
    for (; at < point; at++)
        *timestamp = *timestamp * 10 + (*at - '0');
    *timestamp = *timestamp * 1000 + micros / 1000;
    return behind;
}

/* " stdout F " behind a time, as container runtimes write it for Kubernetes. */
static const char *container_stream(const char *at, const char *end) {
    bool stream = end - at >= 10 && (memcmp(at, " stdout ", 8) == 0 || memcmp(at, " stderr ", 8) == 0);
    return stream && (at[8] == 'F' || at[8] == 'P') && at[9] == ' ' ? at + 10 : NULL;
}

/* The labels that Loki's client puts behind the time: {app="x", function="y"}. */
static const char *labels(const char *at, const char *end) {
    const char *name = at + 1;
    while (name < end && is_name_byte(*name))
        name++;
    bool labelled = end - name > 1 && (name > at + 1 ? name[0] == '=' && name[1] == '"' : name[0] == '}');
    const char *behind = labelled ? memchr(at, '}', (size_t)(end - at)) : NULL;
    return behind && behind + 1 < end && is_blank(behind[1]) ? behind + 1 : NULL;
}

/* "<14>": what syslog puts before the time. */
static const char *priority(const char *at, const char *end) {
    const char *behind = skip_digits(at + 1, end);
    bool good = behind > at + 1 && behind - at < 5 && behind < end && *behind == '>';
    return good && syslog_time(behind + 1, end) ? behind + 1 : NULL;
}

/* ---- columns ---- */

static bool is_hex(char byte) {
    return timestamp_is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_request_id(const char *at, const char *end) {
    if (end - at < 36)
        return false;
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? at[i] != '-' : !is_hex(at[i]))
            return false;
    }
    return true;
}

/* A column of a table in front of the message: a number, a request id, or anything in quotes, with its comma.
 */
static const char *column(const char *at, const char *end, struct log_prefix *prefix) {
    const char *behind = skip_digits(at, end);
    if (behind - at >= 10 && behind - at <= 60 && behind < end && (*behind == ',' || is_blank(*behind))) {
        if (behind - at == 13) {
            prefix->origin.timestamp = 0;
            for (const char *digit = at; digit < behind; digit++)
                prefix->origin.timestamp = prefix->origin.timestamp * 10 + (*digit - '0');
        }
        return behind + 1;
    }
    while (behind < end && behind > at && (timestamp_is_digit(*behind) || *behind == '.'))
        behind++;
    if (behind > at && behind < end && *behind == ',')
        return behind + 1;
    if (is_request_id(at, end) && end - at > 36 && at[36] == ',')
        return at + 37;
    if (*at != '"')
        return NULL;
    for (behind = at + 1; end - behind >= 2 && *behind != '"'; behind++)
        ;
    return end - behind >= 2 && behind > at + 1 && behind[1] == ',' ? behind + 2 : NULL;
}

/* A colour on a terminal. */
static const char *escape_sequence(const char *at, const char *end) {
    if (end - at < 3 || at[0] != '\033' || at[1] != '[')
        return NULL;
    for (at += 2; at < end && (timestamp_is_digit(*at) || *at == ';');)
        at++;
    return at < end && *at >= '@' && *at <= '~' ? at + 1 : NULL;
}

/* ---- all of them ---- */

static const char *timed(const char *at, const char *end, struct log_prefix *prefix) {
    int64_t timestamp = 0;
    const char *behind = timestamp_parse(at, end, &timestamp), *name = NULL;
    if (behind) {
        name = journal_name(behind, end, false);
        name = name ? name : container_stream(behind, end);
    } else if ((behind = syslog_time(at, end))) {
        name = journal_name(behind, end, true);
    } else if ((behind = journal_time(at, end, &timestamp))) {
        behind = name = journal_name(behind, end, false);
    }
    if (!behind)
        return timestamp_time_of_day(at, end, &timestamp);
    if (!prefix->origin.timestamp)
        prefix->origin.timestamp = timestamp;
    return name ? name : behind;
}

static const char *skip_one(const char *at, const char *end, struct log_prefix *prefix) {
    static const char events[] = "EVENTS\t", journal[] = "MESSAGE=", mark[] = "\xef\xbb\xbf";
    const char *behind = NULL;
    /* A file that was cut to nothing while a program wrote to it begins with NUL. */
    if (is_blank(*at) || *at == ',' || !*at)
        return at + 1;
    if (end - at >= 3 && memcmp(at, mark, 3) == 0)
        return at + 3;
    if (*at == '\033')
        return escape_sequence(at, end);
    if (*at == '[' || *at == '<') {
        behind = *at == '<' ? priority(at, end) : NULL;
        behind = behind ? behind : enclosed_name(at, end, prefix);
        /* Seconds since the start. */
        const char *name = behind && timestamp_is_digit(behind[-2]) ? journal_name(behind, end, false) : NULL;
        return name ? name : behind;
    }
    if (*at == '|' || *at == '>')
        return end - at > 1 && is_blank(at[1]) ? at + 2 : NULL;
    if (*at == '{' && prefix->origin.timestamp)
        return labels(at, end);
    if (timestamp_is_digit(*at) && (behind = log_stream(at, end))) {
        struct span stream = {at, (size_t)(behind - at)}, name = log_stream_function(stream);
        prefix->origin.log_stream = stream;
        if (name.start && !prefix->origin.function_name.start)
            prefix->origin.function_name = name;
        return behind;
    }
    if ((behind = timed(at, end, prefix)) || (behind = column(at, end, prefix)))
        return behind;
    if (*at == '"')
        return at + 1;
    if ((*at == '/' || timestamp_is_digit(*at)) && (behind = log_group(at, end))) {
        struct span name = log_group_function((struct span){at, (size_t)(behind - at)});
        if (name.start)
            prefix->origin.function_name = name;
        return behind;
    }
    if (end - at > 7 && memcmp(at, events, 7) == 0)
        return at + 7;
    if (end - at >= 8 && memcmp(at, journal, 8) == 0)
        return at + 8;
    return piped_name(at, end);
}

const char *log_prefix_skip(const char *at, const char *end, struct log_prefix *prefix) {
    *prefix = (struct log_prefix){0};
    while (at < end) {
        const char *behind = skip_one(at, end, prefix);
        if (!behind)
            break;
        at = behind;
    }
    return at;
}

bool log_prefix_users(const char *line, const char *at, const char *end) {
    if (at == line || at[-1] != '\t')
        return false;
    const char *behind = skip_word(at, end);
    if (behind == at || behind >= end || *behind != '\t')
        return false;
    const char *level = behind + 1, *stop = skip_word(level, end);
    return is_request_id(at, end) || is_level(at, (size_t)(behind - at)) ||
           (stop < end && is_level(level, (size_t)(stop - level)));
}

/* ---- objects behind a prefix ---- */

/* From the opening to the type in the largest report that is known, twice over. */
enum { MAX_OPENING = 4096 };

static const char *line_before(const char *floor, const char *line) {
    const char *newline = line - 1 > floor ? memrchr(floor, '\n', (size_t)(line - 1 - floor)) : NULL;
    return newline ? newline + 1 : floor;
}

static bool opens(const char *line, const char *end, const char **bracket, struct log_prefix *prefix) {
    if (end > line && end[-1] == '\r')
        end--;
    if (end == line || end[-1] != '{')
        return false;
    *bracket = log_prefix_skip(line, end, prefix);
    return *bracket > line && *bracket == end - 1 && !prefix->users;
}

const char *log_opening(const char *floor, const char *line, const char **bracket,
                        struct log_prefix *prefix) {
    const char *farthest = line - floor > MAX_OPENING ? line - MAX_OPENING : floor;
    while (line > farthest) {
        const char *before = line_before(farthest, line);
        bool blank = *before == ' ' || *before == '\t', cut = before == farthest && farthest > floor;
        if (!blank || cut)
            return !cut && opens(before, line - 1, bracket, prefix) ? before : NULL;
        line = before;
    }
    return NULL;
}
