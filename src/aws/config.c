#include "aws/config.h"

#include "util/files.h"
#include "util/memory.h"
#include "util/shellwords.h"
#include "util/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 1024 * 1024 };

#define BLANKS " \t\v\f\r\n"

static struct span trimmed(struct span span) {
    while (span.length && strchr(BLANKS, span.start[0]) && span.start[0]) {
        span.start++;
        span.length--;
    }
    while (span.length && strchr(BLANKS, span.start[span.length - 1]) && span.start[span.length - 1])
        span.length--;
    return span;
}

/* Takes the next line from `rest`. */
static bool take_line(struct span *rest, struct span *line) {
    if (!rest->length)
        return false;
    size_t length = 0;
    while (length < rest->length && rest->start[length] != '\n' && rest->start[length] != '\r')
        length++;
    *line = (struct span){rest->start, length};
    if (length < rest->length)
        length += length + 1 < rest->length && memcmp(rest->start + length, "\r\n", 2) == 0 ? 2 : 1;
    rest->start += length;
    rest->length -= length;
    return true;
}

/* ---- one file ---- */

struct parser {
    struct config_file *file;
    struct config_section *section;
    bool in_entry;     /* the last entry of the section can be continued */
    struct text value; /* value of that entry so far */
    size_t indent;     /* of the line that began the section or the entry */
    unsigned long line;
    struct text *problem;
};

static bool refuse(struct parser *parser, const char *why) {
    text_append_format(parser->problem, "line %lu: %s", parser->line, why);
    return false;
}

static bool check_nested(struct parser *parser, const char *value) {
    struct span rest = span_of(value), line;
    while (take_line(&rest, &line)) {
        line = trimmed(line);
        if (line.length && !memchr(line.start, '=', line.length))
            return refuse(parser, "a line of the nested value has no '='");
    }
    return true;
}

static bool end_entry(struct parser *parser) {
    if (!parser->in_entry)
        return true;
    parser->in_entry = false;
    while (parser->value.length && strchr(BLANKS, parser->value.bytes[parser->value.length - 1]))
        parser->value.bytes[--parser->value.length] = '\0';
    const char *value = text_string(&parser->value);
    if (*value == '\n' && !check_nested(parser, value))
        return false;
    parser->section->entries[parser->section->count - 1].value = memory_copy_string(value);
    text_clear(&parser->value);
    return true;
}

const struct config_section *config_section(const struct config_file *file, const char *name) {
    for (size_t i = 0; i < file->count; i++)
        if (strcmp(file->sections[i].name, name) == 0)
            return &file->sections[i];
    return NULL;
}

static bool begin_section(struct parser *parser, struct span name) {
    struct config_file *file = parser->file;
    char *copy = memory_copy(name.start, name.length);
    const struct config_section *same = config_section(file, copy);
    if (same && strcmp(copy, "DEFAULT") == 0) { /* configparser allows repeating this one */
        free(copy);
        parser->section = &file->sections[same - file->sections];
        return true;
    }
    if (same) {
        free(copy);
        return refuse(parser, "duplicate section");
    }
    file->sections = memory_reserve(file->sections, &file->capacity, file->count + 1, sizeof *file->sections);
    parser->section = &file->sections[file->count++];
    *parser->section = (struct config_section){.name = copy};
    return true;
}

static struct config_entry *find_entry(const struct config_section *section, const char *name) {
    for (size_t i = 0; section && i < section->count; i++)
        if (strcmp(section->entries[i].name, name) == 0)
            return &section->entries[i];
    return NULL;
}

static bool begin_entry(struct parser *parser, struct span name, struct span value) {
    struct config_section *section = parser->section;
    char *copy = memory_copy(name.start, name.length);
    for (char *at = copy; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    if (find_entry(section, copy)) {
        free(copy);
        return refuse(parser, "duplicate name in this section");
    }
    section->entries =
        memory_reserve(section->entries, &section->capacity, section->count + 1, sizeof *section->entries);
    section->entries[section->count++] = (struct config_entry){copy, NULL};
    text_append(&parser->value, value.start, value.length);
    parser->in_entry = true;
    return true;
}

/* A line that is not a continuation: it begins a section or an entry. */
static bool begin_line(struct parser *parser, struct span line) {
    if (!end_entry(parser))
        return false;
    size_t closing = line.length;
    while (closing > 2 && line.start[closing - 1] != ']')
        closing--;
    if (line.start[0] == '[' && closing > 2)
        return begin_section(parser, (struct span){line.start + 1, closing - 2});
    if (!parser->section)
        return refuse(parser, "text before the first section");
    size_t length = 0;
    while (length < line.length && line.start[length] != '=' && line.start[length] != ':')
        length++;
    if (length == line.length)
        return refuse(parser, "neither a section nor 'name = value'");
    struct span name = trimmed((struct span){line.start, length});
    if (!name.length)
        return refuse(parser, "no name before the '='");
    return begin_entry(parser, name,
                       trimmed((struct span){line.start + length + 1, line.length - length - 1}));
}

static bool take(struct parser *parser, struct span line) {
    struct span content = trimmed(line);
    bool comment = content.length && (content.start[0] == '#' || content.start[0] == ';');
    if (comment)
        return true;
    size_t indent = content.length ? (size_t)(content.start - line.start) : 0;
    if (parser->in_entry && (!content.length || indent > parser->indent)) {
        text_append_byte(&parser->value, '\n');
        text_append(&parser->value, content.start, content.length);
        return true;
    }
    if (!content.length)
        return true;
    parser->indent = indent;
    return begin_line(parser, content);
}

static void release_file(struct config_file *file) {
    for (size_t i = 0; i < file->count; i++) {
        struct config_section *section = &file->sections[i];
        for (size_t j = 0; j < section->count; j++) {
            free(section->entries[j].name);
            free(section->entries[j].value);
        }
        free(section->entries);
        free(section->name);
    }
    free(file->sections);
    *file = (struct config_file){0};
}

/* Reads `content`. False when it does not follow the grammar: `problem` says where and why ("line 3: ..."),
 * and `file` is empty. */
static bool parse(struct span content, struct config_file *file, struct text *problem) {
    *file = (struct config_file){0};
    struct parser parser = {.file = file, .problem = problem};
    struct span line;
    bool good = utf8_valid_length(content.start, content.length) == content.length;
    if (!good)
        text_append_string(problem, "not UTF-8");
    while (good && take_line(&content, &line)) {
        parser.line++;
        good = take(&parser, line);
    }
    good = good && end_entry(&parser);
    text_release(&parser.value);
    if (!good)
        release_file(file);
    return good;
}

const char *config_entry(const struct config_file *file, const struct config_section *section,
                         const char *name) {
    const struct config_entry *entry = find_entry(section, name);
    if (!entry && section)
        entry = find_entry(config_section(file, "DEFAULT"), name);
    return entry ? entry->value : NULL;
}

/* Appends the value of `name` inside a nested value to `out`. False when it has none, or is not nested. */
static bool append_nested(const char *value, const char *name, struct text *out) {
    if (!value || *value != '\n')
        return false;
    struct span rest = span_of(value), line, found = {NULL, 0};
    while (take_line(&rest, &line)) {
        const char *equals = memchr(line.start, '=', line.length);
        if (!equals)
            continue;
        struct span key = trimmed((struct span){line.start, (size_t)(equals - line.start)});
        if (span_equals(key, name))
            found = trimmed((struct span){equals + 1, line.length - (size_t)(equals + 1 - line.start)});
    }
    if (found.start)
        text_append(out, found.start, found.length);
    return found.start != NULL;
}

/* ---- both files ---- */

void path_expand(const char *path, struct text *out) {
    size_t name = *path == '~' ? strcspn(path, "/") : 0;
    if (name) {
        char *user = memory_copy(path + 1, name - 1);
        const char *home = name == 1 ? getenv("HOME") : NULL;
        struct passwd *entry = home ? NULL : name == 1 ? getpwuid(getuid()) : getpwnam(user);
        free(user);
        if (!home && entry)
            home = entry->pw_dir;
        if (home) {
            text_append_string(out, home);
            path += name;
        }
    }
    while (*path) {
        size_t braces = path[0] == '$' && path[1] == '{';
        size_t length = 0;
        while (*path == '$' &&
               (isalnum((unsigned char)path[1 + braces + length]) || path[1 + braces + length] == '_'))
            length++;
        char *variable = memory_copy(path + 1 + braces, length);
        const char *value = length && (!braces || path[2 + length] == '}') ? getenv(variable) : NULL;
        free(variable);
        if (value) {
            text_append_string(out, value);
            path += 1 + length + 2 * braces;
        } else {
            text_append_byte(out, *path++);
        }
    }
}

static bool load_file(const char *variable, const char *standard, char **path, int *error,
                      struct config_file *file, struct text *problem) {
    const char *named = getenv(variable);
    struct text expanded = TEXT_INIT, content = TEXT_INIT, why = TEXT_INIT;
    struct stat status;
    path_expand(named && *named ? named : standard, &expanded);
    *path = memory_copy_string(text_string(&expanded));
    bool good = true;
    if (stat(*path, &status) < 0 || (S_ISREG(status.st_mode) && !file_read(*path, MAX_FILE, &content)))
        *error = errno;
    else
        good = parse((struct span){text_string(&content), content.length}, file, &why);
    if (!good)
        text_append_format(problem, "'%s': %s", *path, text_string(&why));
    text_release(&expanded);
    text_release(&content);
    text_release(&why);
    return good;
}

struct aws_config *config_load(struct text *problem) {
    struct aws_config *config = memory_zeroed(1, sizeof *config);
    if (load_file("AWS_CONFIG_FILE", "~/.aws/config", &config->config_path, &config->config_error,
                  &config->config, problem) &&
        load_file("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", &config->credentials_path,
                  &config->credentials_error, &config->credentials, problem))
        return config;
    config_free(config);
    return NULL;
}

void config_free(struct aws_config *config) {
    if (!config)
        return;
    release_file(&config->config);
    release_file(&config->credentials);
    free(config->config_path);
    free(config->credentials_path);
    free(config);
}

/* The last section "KIND NAME"; quotes and blanks are parsed as in a shell. */
static const struct config_section *section_of_kind(const struct config_file *file, const char *kind,
                                                    const char *name, const char *also) {
    const struct config_section *found = NULL;
    for (size_t i = 0; i < file->count; i++) {
        struct words words;
        const struct config_section *section = &file->sections[i];
        if (also && strcmp(section->name, also) == 0)
            found = section;
        if (strncmp(section->name, kind, strlen(kind)) != 0 || !words_split(section->name, &words))
            continue;
        if (words.count == 2 && strcmp(words.words[1], name) == 0)
            found = section;
        words_release(&words);
    }
    return found;
}

const struct config_section *config_profile_section(const struct aws_config *config, const char *profile) {
    bool standard = strcmp(profile, "default") == 0;
    return section_of_kind(&config->config, "profile", profile, standard ? "default" : NULL);
}

bool config_has_profile(const struct aws_config *config, const char *profile) {
    return config_profile_section(config, profile) || config_section(&config->credentials, profile);
}

const char *config_value(const struct aws_config *config, const char *profile, const char *name) {
    const char *value =
        config_entry(&config->credentials, config_section(&config->credentials, profile), name);
    if (!value)
        value = config_entry(&config->config, config_profile_section(config, profile), name);
    return value && *value != '\n' ? value : NULL;
}

bool config_service_value(const struct aws_config *config, const char *section, const char *service,
                          const char *name, bool *exists, struct text *out) {
    const struct config_section *services = section_of_kind(&config->config, "services", section, NULL);
    *exists = services != NULL;
    return append_nested(config_entry(&config->config, services, service), name, out);
}
