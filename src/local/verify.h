/* Whether a request is signed as AWS wants it: Signature Version 4, by somebody whom this pt-local knows. */
#ifndef LOCAL_VERIFY_H
#define LOCAL_VERIFY_H

#include "local/api.h"

#include <time.h>

/* The credentials that requests must be signed with. */
struct known_credentials {
    const char *access_key_id, *secret_access_key;
    const char *session_token; /* NULL: none */
};

/* Those of this program's own environment, or AWS's example key. */
struct known_credentials verify_credentials(void);

/* False, and the call is refused, when its signature is missing, is not that of the request, is more than
 * five minutes off `now`, or is somebody else's. */
bool verify_call(struct api_call *call, time_t now);

#endif
