#include "logparse/packed.h"

#include "util/base64.h"

#include <string.h>
#include <zlib.h>

/* Base64 of the bytes 1f 8b 08: gzip and its only method. */
static const char start[] = "H4sI";

bool log_is_packed(struct span string) {
    return string.length >= sizeof start - 1 && memcmp(string.start, start, sizeof start - 1) == 0;
}

bool log_line_is_opaque(struct span line) {
    static const struct {
        const char *start, *later; /* `later` comes later in the line; "": nothing need come */
    } forms[] = {
        /* Events of CloudWatch Logs, of Kinesis, and of Firehose for a transformation and to an endpoint. */
        {"{\"awslogs\":", ""},
        {"{\"Records\":", ""},
        {"{\"records\":", ""},
        {"{\"invocationId\":", ""},
        {"{\"requestId\":", "\"H4sI"},
        /* The answer of Invoke, whose log tail is in base64. */
        {"{\"StatusCode\":", "\"LogResult\""},
        {"{\"FunctionError\":", "\"LogResult\""},
        {"{\"ExecutedVersion\":", "\"LogResult\""},
        {"{\"LogResult\":", ""},
        /* The response of GetQueryResults, its results alone, and rows as the console copies them. */
        {"{\"results\":", ""},
        {"[[{\"field\":", ""},
        {"[{\"@", "@requestId"},
        {"{\"@", "@requestId"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (line.length > strlen(forms[i].start) &&
            memcmp(line.start, forms[i].start, strlen(forms[i].start)) == 0 &&
            memmem(line.start, line.length, forms[i].later, strlen(forms[i].later)))
            return true;
    return false;
}

static bool inflate_all(const struct text *packed, struct text *out) {
    enum { STEP = 64 * 1024 };
    z_stream gzip = {0};
    /* 16 selects gzip. */
    if (inflateInit2(&gzip, MAX_WBITS + 16) != Z_OK)
        return false;
    gzip.next_in = (Bytef *)packed->bytes;
    gzip.avail_in = (uInt)packed->length;
    size_t most = out->length + MAX_LOG_PACKED;
    int result = Z_OK;
    while (result == Z_OK && out->length < most) {
        gzip.next_out = (Bytef *)text_extend(out, STEP);
        gzip.avail_out = STEP;
        result = inflate(&gzip, Z_NO_FLUSH);
        text_extended(out, STEP - gzip.avail_out);
        /* Concatenated records: another gzip file follows. */
        if (result == Z_STREAM_END && gzip.avail_in)
            result = inflateReset(&gzip);
    }
    inflateEnd(&gzip);
    return result == Z_STREAM_END;
}

bool log_unpack(struct span string, struct text *out) {
    struct text plain = TEXT_INIT, packed = TEXT_INIT;
    /* Some JSON writers escape the slash. */
    for (size_t i = 0; i < string.length; i++)
        if (string.start[i] != '\\')
            text_append_byte(&plain, string.start[i]);
    bool good =
        base64_decode((struct span){text_string(&plain), plain.length}, &packed) && inflate_all(&packed, out);
    text_release(&plain);
    text_release(&packed);
    return good;
}
