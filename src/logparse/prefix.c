#include "logparse/prefix.h"

#include "tune/decoration.h"
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

/* Skips `text`; NULL when it is not there. */
static const char *literal(const char *at, const char *end, const char *text) {
    size_t length = strlen(text);
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0 ? at + length : NULL;
}

/* ---- times ---- */

/* Skips "Sep 15 18:27:34", as syslog writes it. Without a year it does not give a time. */
static const char *syslog_time(const char *at, const char *end) {
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t ignored;
    if (end - at < 15 || at[3] != ' ')
        return NULL;
    for (size_t i = 0; i < 12; i++)
        if (memcmp(at, months + 3 * i, 3) == 0) {
            const char *day = skip_blanks(at + 4, end), *after = skip_digits(day, end);
            return after > day && after < end && *after == ' '
                       ? timestamp_time_of_day(after + 1, end, &ignored)
                       : NULL;
        }
    return NULL;
}

/* ---- names ---- */

/* True for the level of a logger, in upper or lower case. */
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

/* Each function below skips one kind of prefix at `at` and returns the position after it; NULL when it is not
 * there. */

/* 2024/05/01/[$LATEST]debaa76862ec44c5..., possibly coloured. */
static const char *log_stream(const char *at, const char *end, struct log_prefix *prefix) {
    int number;
    const char *start = at;
    if (!timestamp_digits(&at, end, 4, &number) || !timestamp_byte(&at, end, '/') ||
        !timestamp_digits(&at, end, 2, &number) || !timestamp_byte(&at, end, '/') ||
        !timestamp_digits(&at, end, 2, &number) || !timestamp_byte(&at, end, '/'))
        return NULL;
    const char *word = skip_word(at, end), *colour = memchr(at, '\033', (size_t)(word - at));
    at = colour ? colour : word;
    struct span stream = {start, (size_t)(at - start)}, name = log_stream_function(stream);
    if (!memchr(start, '[', stream.length) || !memchr(start, ']', stream.length))
        return NULL;
    prefix->origin.log_stream = stream;
    if (name.start && !prefix->origin.function_name.start)
        prefix->origin.function_name = name;
    return at;
}

/* /aws/lambda/NAME, possibly after an account number and a colon. */
static const char *log_group(const char *at, const char *end, struct log_prefix *prefix) {
    const char *path = skip_digits(at, end);
    if (path > at && path < end && *path == ':')
        path++;
    else
        path = at;
    if (path >= end || *path != '/')
        return NULL;
    const char *word = skip_word(path, end), *colour = memchr(path, '\033', (size_t)(word - path));
    const char *after = colour ? colour : word;
    if (after - path < 2 || after - at >= MAX_GROUP)
        return NULL;
    struct span name = log_group_function((struct span){at, (size_t)(after - at)});
    if (name.start)
        prefix->origin.function_name = name;
    return after;
}

/* "name | ", as docker compose writes it. */
static const char *piped_name(const char *at, const char *end) {
    const char *after = at;
    while (after < end && is_name_byte(*after) && after - at < MAX_NAME)
        after++;
    const char *bar = skip_blanks(after, end);
    bool named = after > at && !is_level(at, (size_t)(after - at));
    return named && bar < end && *bar == '|' ? bar + 1 : NULL;
}

/* "[name] " or "<name id> ". */
static const char *enclosed_name(const char *at, const char *end, struct log_prefix *prefix) {
    if (*at != '[' && *at != '<')
        return NULL;
    const char closing = *at == '[' ? ']' : '>';
    size_t room = (size_t)(end - at) < MAX_NAME ? (size_t)(end - at) : MAX_NAME;
    const char *after = memchr(at, closing, room);
    if (!after || after + 1 >= end || !is_blank(after[1]))
        return NULL;
    const char *name = skip_blanks(at + 1, after);
    if (is_level(name, (size_t)(skip_word(name, after) - name))) {
        /* The runtimes write levels in capitals and brackets. After other levels, a JSON report may
         * follow. */
        prefix->function_line = closing == ']' && name[1] < 'a';
        return NULL;
    }
    return after + 1;
}

/* "host program[123]: " after a time, as journald and syslog write it. `bare`: the number may be absent. */
static const char *journal_name(const char *at, const char *end, bool bare) {
    const char *host = skip_blanks(at, end), *after = skip_word(host, end);
    const char *program = skip_blanks(after, end);
    after = skip_word(program, end);
    if (after == program || after - at > MAX_NAME || after - program < 4)
        return NULL;
    return after[-1] == ':' && (bare || (after[-2] == ']' && timestamp_is_digit(after[-3]))) ? after : NULL;
}

/* Times that journald writes before a name: "Wed 2024-05-01 10:00:00 UTC", or seconds since 1970. */
static const char *journal_time(const char *at, const char *end, int64_t *timestamp) {
    const char *after =
        end - at > 4 && is_name_byte(*at) && at[3] == ' ' ? timestamp_parse(at + 4, end, timestamp) : NULL;
    if (after) {
        const char *zone = skip_blanks(after, end);
        after = skip_word(zone, end);
        /* Other names of time zones depend on the machine. */
        if (after - zone != 3 || memcmp(zone, "UTC", 3) != 0)
            *timestamp = 0;
        return after;
    }
    const char *point = skip_digits(at, end);
    int micros;
    after = point + 1;
    if (point - at != 10 || point == end || *point != '.' || !timestamp_digits(&after, end, 6, &micros))
        return NULL;
    *timestamp = 0;
    for (; at < point; at++)
        *timestamp = *timestamp * 10 + (*at - '0');
    *timestamp = *timestamp * 1000 + micros / 1000;
    return after;
}

/* " stdout F " after a time, as container runtimes write it for Kubernetes. */
static const char *container_stream(const char *at, const char *end) {
    bool stream = end - at >= 10 && (memcmp(at, " stdout ", 8) == 0 || memcmp(at, " stderr ", 8) == 0);
    return stream && (at[8] == 'F' || at[8] == 'P') && at[9] == ' ' ? at + 10 : NULL;
}

/* The labels that Loki's client writes after the time: {app="x", function="y"}. */
static const char *labels(const char *at, const char *end, const struct log_prefix *prefix) {
    if (*at != '{' || !prefix->origin.timestamp)
        return NULL;
    const char *name = at + 1;
    while (name < end && is_name_byte(*name))
        name++;
    bool labelled = end - name > 1 && (name > at + 1 ? name[0] == '=' && name[1] == '"' : name[0] == '}');
    const char *after = labelled ? memchr(at, '}', (size_t)(end - at)) : NULL;
    return after && after + 1 < end && is_blank(after[1]) ? after + 1 : NULL;
}

/* "<14>", which syslog writes before the time. */
static const char *priority(const char *at, const char *end) {
    const char *after = skip_digits(at + 1, end);
    bool good = *at == '<' && after > at + 1 && after - at < 5 && after < end && *after == '>';
    return good && syslog_time(after + 1, end) ? after + 1 : NULL;
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

/* A table column before the message, with its comma: a number, a request id, or anything in quotes. */
static const char *column(const char *at, const char *end, struct log_prefix *prefix) {
    const char *after = skip_digits(at, end);
    if (after - at >= 10 && after - at <= 60 && after < end && (*after == ',' || is_blank(*after))) {
        if (after - at == 13) {
            prefix->origin.timestamp = 0;
            for (const char *digit = at; digit < after; digit++)
                prefix->origin.timestamp = prefix->origin.timestamp * 10 + (*digit - '0');
        }
        return after + 1;
    }
    while (after < end && after > at && (timestamp_is_digit(*after) || *after == '.'))
        after++;
    if (after > at && after < end && *after == ',')
        return after + 1;
    if (is_request_id(at, end) && end - at > 36 && at[36] == ',')
        return at + 37;
    if (*at != '"')
        return NULL;
    for (after = at + 1; end - after >= 2 && *after != '"'; after++)
        ;
    return end - after >= 2 && after > at + 1 && after[1] == ',' ? after + 2 : NULL;
}

/* A terminal's escape sequence for colours. */
static const char *escape_sequence(const char *at, const char *end) {
    if (end - at < 3 || at[0] != '\033' || at[1] != '[')
        return NULL;
    for (at += 2; at < end && (timestamp_is_digit(*at) || *at == ';');)
        at++;
    return at < end && *at >= '@' && *at <= '~' ? at + 1 : NULL;
}

/* The bracket directly before a message, as in "[REPORT]". */
static const char *bracket_before(const char *at, const char *end) {
    return *at == '[' && end - at == 1 ? end : NULL;
}

/* "@message" with a colon, a tab or an equals sign, as one field of several. */
static const char *field_name(const char *at, const char *end) {
    const char *name = literal(at, end, "@message"), *after = name ? skip_blanks(name, end) : NULL;
    if (after && after < end && (*after == ':' || *after == '='))
        return after + 1;
    return after > name ? after : NULL;
}

/* "lambda.log: " before an object, as fluentd writes its tag. */
static const char *tag(const char *at, const char *end) {
    const char *after = at;
    while (after < end && is_name_byte(*after) && after - at < MAX_NAME)
        after++;
    bool named = memchr(at, '.', (size_t)(after - at)) && !timestamp_is_digit(*at);
    return named && end - after > 2 && memcmp(after, ": {", 3) == 0 ? after + 1 : NULL;
}

/* ---- all of them ---- */

/* " +0200" after a time, as fluentd writes it. */
static const char *zone(const char *at, const char *end, int64_t *timestamp) {
    int hours, minutes;
    const char *after = at + 2;
    if (end - at < 7 || *at != ' ' || (at[1] != '+' && at[1] != '-') ||
        !timestamp_digits(&after, end, 2, &hours) || !timestamp_digits(&after, end, 2, &minutes) ||
        *after != ' ')
        return at;
    *timestamp -= (at[1] == '+' ? 1 : -1) * (int64_t)(hours * 60 + minutes) * 60000;
    return after;
}

static const char *timed(const char *at, const char *end, struct log_prefix *prefix) {
    int64_t timestamp = 0;
    const char *after = timestamp_parse(at, end, &timestamp), *name = NULL;
    if (after) {
        after = zone(after, end, &timestamp);
        name = journal_name(after, end, false);
        name = name ? name : container_stream(after, end);
    } else if ((after = syslog_time(at, end))) {
        name = journal_name(after, end, true);
    } else if ((after = journal_time(at, end, &timestamp))) {
        after = name = journal_name(after, end, false);
    }
    if (!after)
        return timestamp_time_of_day(at, end, &timestamp);
    if (!prefix->origin.timestamp)
        prefix->origin.timestamp = timestamp;
    return name ? name : after;
}

/* Seconds since boot, in brackets, then the name. */
static const char *enclosed(const char *at, const char *end, struct log_prefix *prefix) {
    const char *after = enclosed_name(at, end, prefix);
    const char *name = after && timestamp_is_digit(after[-2]) ? journal_name(after, end, false) : NULL;
    return name ? name : after;
}

static const char *decoration(const char *at, const char *end) {
    const char *after = decoration_skip(at, end);
    return after > at ? after : NULL;
}

/* `mark` and a blank. */
static const char *mark(const char *at, const char *end, char mark_byte) {
    return *at == mark_byte && end - at > 1 && is_blank(at[1]) ? at + 2 : NULL;
}

/* Each kind of prefix, in the order in which they are tried: the call that skips it, what it is, and an example. A
 * file begins with NUL bytes if it was truncated while a program wrote to it. */
#define PREFIXES(X)                                                                                          \
    X(is_blank(*at) || *at == ',' || !*at ? at + 1 : NULL, "Blanks, commas and NUL bytes", "\\0000  ,")      \
    X(literal(at, end, "\xef\xbb\xbf"), "A byte order mark", "\\xef\\xbb\\xbf")                              \
    X(escape_sequence(at, end), "Colours of a terminal", "\\033[32m")                                        \
    X(decoration(at, end), "Markdown, tags of HTML and no-break spaces", "**<td>&nbsp;`")                    \
    X(mark(at, end, '-'), "The mark of a list, or a dash after a time", "2024-05-01 10:00:00 - ")            \
    X(bracket_before(at, end), "A bracket around the first word", "[")                                       \
    X(field_name(at, end), "The name of the field", "@message: ")                                            \
    X(priority(at, end), "A priority of syslog", "<14>May  1 10:00:00 host app: ")                           \
    X(enclosed(at, end, prefix), "A name in brackets", "[api] <api 9c1e> ")                                  \
    X(mark(at, end, '|'), "A bar", "| ")                                                                     \
    X(mark(at, end, '>'), "The mark of a quotation", "> ")                                                   \
    X(labels(at, end, prefix), "Labels of Loki after a time", "2024-05-01T10:00:00Z {app=\"api\"} ")         \
    X(log_stream(at, end, prefix), "A log stream", "2024/05/01/[$LATEST]9c1e ")                              \
    X(timed(at, end, prefix), "A time, also with what syslog, journald and Kubernetes write after it",       \
      "2024-05-01T10:00:00Z stdout F ")                                                                      \
    X(column(at, end, prefix), "A column with a number, a request ID or words in quotes",                    \
      "1714557600000,\"api\",")                                                                              \
    X(literal(at, end, "\""), "A quote", "\"")                                                               \
    X(log_group(at, end, prefix), "A log group", "/aws/lambda/api ")                                         \
    X(end - at > 7 ? literal(at, end, "EVENTS\t") : NULL, "A row of --output text",                          \
      "EVENTS\\t1714557600000\\t")                                                                           \
    X(literal(at, end, "MESSAGE="), "A field of journald", "MESSAGE=")                                       \
    X(tag(at, end), "A tag of fluentd before an object", "lambda.log: {\"msg\":\"REPORT\"}")                 \
    X(piped_name(at, end), "A name before a bar, as docker compose writes it", "api-1  | ")

#define SKIP(call, form, example)                                                                            \
    if ((after = (call)))                                                                                    \
        return after;
#define EXAMPLE(call, form, example) {form, example},

static const char *skip_one(const char *at, const char *end, struct log_prefix *prefix) {
    const char *after;
    PREFIXES(SKIP)
    return NULL;
}

const struct log_form_example log_prefix_examples[] = {PREFIXES(EXAMPLE){NULL, NULL}};

const char *log_prefix_skip(const char *at, const char *end, struct log_prefix *prefix) {
    *prefix = (struct log_prefix){0};
    while (at < end) {
        const char *after = skip_one(at, end, prefix);
        if (!after)
            break;
        at = after;
    }
    return at;
}

bool log_prefix_is_function_line(const char *line, const char *at, const char *end) {
    if (at == line || at[-1] != '\t')
        return false;
    const char *after = skip_word(at, end);
    if (after == at || after >= end || *after != '\t')
        return false;
    const char *level = after + 1, *stop = skip_word(level, end);
    return is_request_id(at, end) || is_level(at, (size_t)(after - at)) ||
           (stop < end && is_level(level, (size_t)(stop - level)));
}

bool log_prefix_is_level(const char *at, const char *end) {
    bool enclosed = at < end && (*at == '[' || *at == '<');
    const char *name = skip_blanks(at + enclosed, end), *after = name;
    while (after < end && is_name_byte(*after))
        after++;
    const char *mark = skip_blanks(after, end);
    return is_level(name, (size_t)(after - name)) && mark < end &&
           (enclosed ? *mark == ']' || *mark == '>' : *mark == '|');
}

/* ---- objects after a prefix ---- */

/* Twice the distance from the opening to "type" in the largest known report. */
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
    return *bracket > line && *bracket == end - 1 && !prefix->function_line;
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
