/* AWS Signature Version 4: the Authorization header of a request.
 *
 * Source: AWS, "Create a signed AWS API request" (Reference for signing AWS API requests), and the published
 * test suite aws-sig-v4-test-suite. Each step is a function of its own, so that a test against these
 * references shows which step differs. Not supported: presigned URLs, chunked and unsigned payloads,
 * SigV4a. */
#ifndef AWS_SIGV4_H
#define AWS_SIGV4_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum { SHA256_SIZE = 32, SHA256_HEX_SIZE = 65, SIGV4_TIME_SIZE = 17 };

struct sigv4_header {
    const char *name; /* in upper or lower case */
    const char *value;
};

/* A request as it is sent. The caller owns all strings. */
struct sigv4_request {
    const char *method;
    const char *path;  /* percent-encoded as sent, beginning with '/' */
    const char *query; /* percent-encoded as sent, without '?'; "" for none */
    const struct sigv4_header
        *headers; /* the headers to be signed, including "host"; a name may occur more than once */
    size_t header_count;
    const char *payload_sha256; /* 64 hexadecimal digits */
    bool encode_path_once;      /* S3: sign the path as it is sent; others encode it once more */
    bool keep_path; /* S3: keep double slashes and dot segments; for every other service they are removed from
                       the signed path */
};

/* Whose signature it is, for which service, where and when. */
struct sigv4_scope {
    const char *access_key_id;
    const char *secret_access_key;
    const char *region;
    const char *service;
    char time[SIGV4_TIME_SIZE]; /* YYYYMMDDTHHMMSSZ, the value of the x-amz-date header; see sigv4_time */
};

/* Formats `when` like x-amz-date. */
void sigv4_time(time_t when, char time[SIGV4_TIME_SIZE]);

/* Computes the SHA-256 of `length` bytes as lower-case hexadecimal digits. */
void sha256_hex(const void *bytes, size_t length, char hex[SHA256_HEX_SIZE]);

/* Appends AWS's percent-encoding of `length` bytes: everything but A-Z a-z 0-9 - . _ ~ is encoded ('/' only
 * if `slash`). */
void uri_encode(const char *bytes, size_t length, bool slash, struct text *out);

/* Step 1. Appends the canonical request to `canonical`, and the list of signed headers ("host;x-amz-date") to
 * `signed_headers`. */
void sigv4_canonical_request(const struct sigv4_request *request, struct text *canonical,
                             struct text *signed_headers);

/* Step 2. Appends the string to sign. */
void sigv4_string_to_sign(const struct sigv4_scope *scope, const char *canonical, size_t length,
                          struct text *out);

/* Step 3. Computes the signing key for the scope's day, region and service. */
void sigv4_signing_key(const struct sigv4_scope *scope, unsigned char key[SHA256_SIZE]);

/* Step 4. Computes the signature: HMAC-SHA256 of the string to sign, in hexadecimal. */
void sigv4_signature(const unsigned char key[SHA256_SIZE], const char *string_to_sign, size_t length,
                     char hex[SHA256_HEX_SIZE]);

/* Keeps the signing key between requests, because it is the same for a whole day. Zero it before the first
 * use; it owns no memory. */
struct sigv4_signer {
    char remembered[256]; /* the date, region, service and access key of `key`; "" without a key */
    unsigned char key[SHA256_SIZE];
};

/* All steps: appends the value of the Authorization header. */
void sigv4_authorization(struct sigv4_signer *signer, const struct sigv4_scope *scope,
                         const struct sigv4_request *request, struct text *authorization);

#endif
