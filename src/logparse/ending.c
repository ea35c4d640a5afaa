#include "logparse/ending.h"

#include <stdbool.h>
#include <string.h>

enum { MEASUREMENTS_TO_WAIT = 256 };

static const char id_member[] = "\"requestId\":\"";

static bool is_id_byte(char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || byte == '-';
}

static bool starts_with(const char *at, const char *end, const char *text) {
    size_t length = strlen(text);
    return (size_t)(end - at) >= length && memcmp(at, text, length) == 0;
}

const char *log_ending_id(const char *floor, const char *at, const char *end, const char **status) {
    static const char error[] = "Error: ";
    static const struct {
        const char *words, *status;
    } forms[] = {{"Task timed out after ", "timeout"},
                 {"Runtime exited with", "error"},
                 {"Process exited before completing request", "error"}};
    *status = NULL;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (starts_with(at, end, forms[i].words))
            *status = forms[i].status;
    if (at - floor >= (ptrdiff_t)sizeof error && starts_with(at - (sizeof error - 1), end, error))
        at -= sizeof error - 1;
    if (!*status || at - floor < LOG_ENDING_ID + 1 || at[-1] != ' ')
        return NULL;
    const char *id = at - 1 - LOG_ENDING_ID;
    for (int i = 0; i < LOG_ENDING_ID; i++)
        if (!is_id_byte(id[i]) || (id[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23))
            return NULL;
    return id;
}

/* ---- records ---- */

/* Inserts the status in the record that has its request id at `id`. False when it has one. */
static bool set_status(struct text *records, const char *id, const char *status) {
    static const char before[] = ",\"maxMemoryUsedMB\":", name[] = ",\"status\":\"";
    const char *stop = records->bytes + records->length;
    const char *newline = memchr(id, '\n', (size_t)(stop - id)), *end = newline ? newline : stop;
    const char *at = memmem(id, (size_t)(end - id), before, sizeof before - 1);
    at = at ? at + sizeof before - 1 : end;
    while (at < end && *at != ',' && *at != '}')
        at++;
    if (at == end || starts_with(at, end, name))
        return false;
    size_t place = (size_t)(at - records->bytes), rest = (size_t)(stop - at), length = strlen(status);
    char *room = text_extend(records, sizeof name + length + 1);
    memmove(room - rest + sizeof name + length, room - rest, rest);
    memcpy(records->bytes + place, name, sizeof name - 1);
    memcpy(records->bytes + place + sizeof name - 1, status, length);
    records->bytes[place + sizeof name - 1 + length] = '"';
    text_extended(records, sizeof name + length);
    return true;
}

/* The last record of the id, as the place of the id in it; NULL when there is none. */
static const char *find_record(const struct text *records, const char *id) {
    char wanted[sizeof id_member - 1 + LOG_ENDING_ID];
    const char *found = NULL, *at = records->bytes, *end = at + records->length;
    memcpy(wanted, id_member, sizeof id_member - 1);
    memcpy(wanted + sizeof id_member - 1, id, LOG_ENDING_ID);
    while (at < end && (at = memmem(at, (size_t)(end - at), wanted, sizeof wanted)))
        found = at++;
    return found;
}

static void forget(struct log_endings *endings, size_t index) {
    endings->count--;
    memmove(&endings->entries[index], &endings->entries[index + 1],
            (endings->count - index) * sizeof *endings->entries);
}

void log_endings_add(struct log_endings *endings, const char *id, const char *status, struct text *records) {
    const char *record = records->length ? find_record(records, id) : NULL;
    if (record && set_status(records, record, status))
        return;
    for (size_t i = 0; i < endings->count; i++)
        if (memcmp(endings->entries[i].id, id, LOG_ENDING_ID) == 0)
            return;
    if (endings->count == LOG_ENDINGS)
        forget(endings, 0);
    struct log_ending *ending = &endings->entries[endings->count++];
    memcpy(ending->id, id, LOG_ENDING_ID);
    ending->status = status;
    ending->left = MEASUREMENTS_TO_WAIT;
}

void log_endings_apply(struct log_endings *endings, struct text *records, size_t start) {
    const char *end = records->bytes + records->length;
    const char *id = memmem(records->bytes + start, records->length - start, id_member, sizeof id_member - 1);
    id = id ? id + sizeof id_member - 1 : end;
    for (size_t i = endings->count; i-- > 0;) {
        struct log_ending *ending = &endings->entries[i];
        bool same = end - id >= LOG_ENDING_ID && memcmp(id, ending->id, LOG_ENDING_ID) == 0;
        if (same)
            set_status(records, id, ending->status);
        if (same || !--ending->left)
            forget(endings, i);
        if (same)
            return;
    }
}
