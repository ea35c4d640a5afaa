#include "aws/sigv4.h"

#include "util/diagnostics.h"
#include "util/memory.h"
#include "util/timestamp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void hex_encode(const unsigned char *bytes, size_t length, char *hex) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < length; i++) {
        hex[2 * i] = digits[bytes[i] >> 4];
        hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    hex[2 * length] = '\0';
}

/* libcrypto fails here only without memory, or in a build without SHA-256. The program cannot continue
 * then. */
static void require(bool worked) {
    if (worked)
        return;
    report_error("libcrypto cannot compute SHA-256");
    exit(STATUS_FAILED);
}

void sha256_hex(const void *bytes, size_t length, char hex[SHA256_HEX_SIZE]) {
    unsigned char digest[SHA256_SIZE];
    require(SHA256(bytes, length, digest) != NULL);
    hex_encode(digest, sizeof digest, hex);
}

static void hmac_sha256(const void *key, size_t key_length, const void *data, size_t length,
                        unsigned char digest[SHA256_SIZE]) {
    require(HMAC(EVP_sha256(), key, (int)key_length, data, length, digest, NULL) != NULL);
}

void sigv4_time(time_t when, char time[SIGV4_TIME_SIZE]) {
    if (!timestamp_format(when, TIMESTAMP_COMPACT, time, SIGV4_TIME_SIZE))
        memcpy(time, "19700101T000000Z", SIGV4_TIME_SIZE);
}

static bool is_unreserved(unsigned char byte) {
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

void uri_encode(const char *bytes, size_t length, bool slash, struct text *out) {
    static const char digits[] = "0123456789ABCDEF";
    size_t plain = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (is_unreserved(byte) || (slash && byte == '/'))
            continue;
        char escape[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        text_append(out, bytes + plain, i - plain);
        text_append(out, escape, sizeof escape);
        plain = i + 1;
    }
    text_append(out, bytes + plain, length - plain);
}

/* ---- the canonical path ---- */

/* Removes the last segment of `path`, for "..". The '/' before it stays. */
static void drop_segment(struct text *path) {
    size_t length = path->length;
    if (length > 1) {
        length--;
        while (length && path->bytes[length - 1] != '/')
            length--;
    }
    path->length = length ? length : 1;
    path->bytes[path->length] = '\0';
}

/* Appends `path` without empty, "." and ".." segments (RFC 3986, section 5.2.4, and the test suite). */
static void normalise_path(const char *path, struct text *out) {
    text_append_byte(out, '/');
    while (*path) {
        size_t length = strcspn(path, "/");
        bool last = path[length] == '\0';
        if (length == 2 && path[0] == '.' && path[1] == '.')
            drop_segment(out);
        else if (length && !(length == 1 && path[0] == '.')) {
            text_append(out, path, length);
            if (!last)
                text_append_byte(out, '/');
        }
        path += length + !last;
    }
}

static void append_canonical_path(const struct sigv4_request *request, struct text *out) {
    struct text path = TEXT_INIT;
    if (request->keep_path)
        text_append_string(&path, *request->path ? request->path : "/");
    else
        normalise_path(request->path, &path);
    if (request->encode_path_once)
        text_append(out, path.bytes, path.length);
    else
        uri_encode(path.bytes, path.length, true, out);
    text_release(&path);
}

/* ---- the canonical query ---- */

struct parameter {
    const char *name, *value;
    size_t name_length, value_length;
};

static int compare_bytes(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t shorter = a_length < b_length ? a_length : b_length;
    int order = shorter ? memcmp(a, b, shorter) : 0;
    return order ? order : (a_length > b_length) - (a_length < b_length);
}

static int compare_parameters(const void *left, const void *right) {
    const struct parameter *a = left, *b = right;
    int order = compare_bytes(a->name, a->name_length, b->name, b->name_length);
    return order ? order : compare_bytes(a->value, a->value_length, b->value, b->value_length);
}

static void append_canonical_query(const char *query, struct text *out) {
    size_t count = 0, capacity = 0;
    struct parameter *parameters = NULL;
    while (*query) {
        size_t length = strcspn(query, "&");
        size_t name_length = strcspn(query, "=&");
        const char *value = query + name_length + (name_length < length);
        if (length) {
            parameters = memory_reserve(parameters, &capacity, count + 1, sizeof *parameters);
            parameters[count++] =
                (struct parameter){query, value, name_length, (size_t)(query + length - value)};
        }
        query += length + (query[length] == '&');
    }
    if (count)
        qsort(parameters, count, sizeof *parameters, compare_parameters);
    for (size_t i = 0; i < count; i++) {
        if (i)
            text_append_byte(out, '&');
        text_append(out, parameters[i].name, parameters[i].name_length);
        text_append_byte(out, '=');
        text_append(out, parameters[i].value, parameters[i].value_length);
    }
    free(parameters);
}

/* ---- the canonical headers ---- */

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static int compare_names(const char *a, const char *b) {
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return (unsigned char)lower(*a) - (unsigned char)lower(*b);
}

/* Sorts the headers by name; headers with the same name stay in the order in which they are sent. */
static void sort_headers(const struct sigv4_request *request, size_t *order) {
    for (size_t i = 0; i < request->header_count; i++) {
        size_t place = i;
        while (place &&
               compare_names(request->headers[order[place - 1]].name, request->headers[i].name) > 0) {
            order[place] = order[place - 1];
            place--;
        }
        order[place] = i;
    }
}

/* Appends a value without leading and trailing blanks, and with each run of blanks (or folded lines) as
 * one. */
static void append_folded(const char *value, struct text *out) {
    static const char blanks[] = " \t\r\n";
    value += strspn(value, blanks);
    while (*value) {
        size_t word = strcspn(value, blanks);
        text_append(out, value, word);
        value += word;
        size_t gap = strspn(value, blanks);
        value += gap;
        if (gap && *value)
            text_append_byte(out, ' ');
    }
}

static void append_lower(const char *name, struct text *out) {
    for (; *name; name++)
        text_append_byte(out, lower(*name));
}

static void append_canonical_headers(const struct sigv4_request *request, struct text *out,
                                     struct text *names) {
    size_t *order = memory_zeroed(request->header_count, sizeof *order);
    sort_headers(request, order);
    for (size_t i = 0; i < request->header_count; i++) {
        const struct sigv4_header *header = &request->headers[order[i]];
        bool repeated = i && compare_names(header->name, request->headers[order[i - 1]].name) == 0;
        if (repeated) {
            out->length--; /* the newline: further values of the same name follow a comma */
            text_append_byte(out, ',');
        } else {
            if (i)
                text_append_byte(names, ';');
            append_lower(header->name, names);
            append_lower(header->name, out);
            text_append_byte(out, ':');
        }
        append_folded(header->value, out);
        text_append_byte(out, '\n');
    }
    free(order);
}

/* ---- the steps ---- */

void sigv4_canonical_request(const struct sigv4_request *request, struct text *canonical,
                             struct text *signed_headers) {
    size_t names_start = signed_headers->length;
    text_append_string(canonical, request->method);
    text_append_byte(canonical, '\n');
    append_canonical_path(request, canonical);
    text_append_byte(canonical, '\n');
    append_canonical_query(request->query, canonical);
    text_append_byte(canonical, '\n');
    append_canonical_headers(request, canonical, signed_headers);
    text_append_byte(canonical, '\n');
    text_append_string(canonical, text_string(signed_headers) + names_start);
    text_append_byte(canonical, '\n');
    text_append_string(canonical, request->payload_sha256);
}

static void append_credential_scope(const struct sigv4_scope *scope, struct text *out) {
    text_append_format(out, "%.8s/%s/%s/aws4_request", scope->time, scope->region, scope->service);
}

void sigv4_string_to_sign(const struct sigv4_scope *scope, const char *canonical, size_t length,
                          struct text *out) {
    char hash[SHA256_HEX_SIZE];
    sha256_hex(canonical, length, hash);
    text_append_format(out, "AWS4-HMAC-SHA256\n%s\n", scope->time);
    append_credential_scope(scope, out);
    text_append_format(out, "\n%s", hash);
}

void sigv4_signing_key(const struct sigv4_scope *scope, unsigned char key[SHA256_SIZE]) {
    struct text secret = TEXT_INIT;
    text_append_format(&secret, "AWS4%s", scope->secret_access_key);
    hmac_sha256(secret.bytes, secret.length, scope->time, 8, key);
    OPENSSL_cleanse(secret.bytes, secret.length);
    text_release(&secret);
    hmac_sha256(key, SHA256_SIZE, scope->region, strlen(scope->region), key);
    hmac_sha256(key, SHA256_SIZE, scope->service, strlen(scope->service), key);
    hmac_sha256(key, SHA256_SIZE, "aws4_request", strlen("aws4_request"), key);
}

void sigv4_signature(const unsigned char key[SHA256_SIZE], const char *string_to_sign, size_t length,
                     char hex[SHA256_HEX_SIZE]) {
    unsigned char digest[SHA256_SIZE];
    hmac_sha256(key, SHA256_SIZE, string_to_sign, length, digest);
    hex_encode(digest, sizeof digest, hex);
}

static void refresh_key(struct sigv4_signer *signer, const struct sigv4_scope *scope) {
    char wanted[sizeof signer->remembered];
    int needed = snprintf(wanted, sizeof wanted, "%.8s/%s/%s/%s", scope->time, scope->region, scope->service,
                          scope->access_key_id);
    bool fits = needed > 0 && (size_t)needed < sizeof wanted;
    if (fits && strcmp(wanted, signer->remembered) == 0)
        return;
    sigv4_signing_key(scope, signer->key);
    memcpy(signer->remembered, fits ? wanted : "", fits ? (size_t)needed + 1 : 1);
}

void sigv4_authorization(struct sigv4_signer *signer, const struct sigv4_scope *scope,
                         const struct sigv4_request *request, struct text *authorization) {
    struct text canonical = TEXT_INIT, names = TEXT_INIT, string_to_sign = TEXT_INIT;
    char signature[SHA256_HEX_SIZE];
    sigv4_canonical_request(request, &canonical, &names);
    sigv4_string_to_sign(scope, canonical.bytes, canonical.length, &string_to_sign);
    refresh_key(signer, scope);
    sigv4_signature(signer->key, string_to_sign.bytes, string_to_sign.length, signature);
    text_append_format(authorization, "AWS4-HMAC-SHA256 Credential=%s/", scope->access_key_id);
    append_credential_scope(scope, authorization);
    text_append_format(authorization, ", SignedHeaders=%s, Signature=%s", text_string(&names), signature);
    text_release(&canonical);
    text_release(&names);
    text_release(&string_to_sign);
}
