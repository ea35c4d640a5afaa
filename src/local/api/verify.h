/* Decides whether a request may be served. Host and Origin detect a web page; Signature Version 4
 * authenticates everybody else. */
#ifndef LOCAL_API_VERIFY_H
#define LOCAL_API_VERIFY_H

#include "local/api/request.h"

#include <time.h>

/* Checks what is known before the body has arrived. Refused are: a Host that is not this server's, any
 * Origin, a Content-Length over the limit, and, unless --no-verify, an Authorization header that is not a
 * Signature Version 4, uses another key, or is more than five minutes off `now`. When a check fails, calls
 * api_fail and returns false. */
bool verify_headers(struct api_request *request, time_t now);

/* Repeats these checks when the body has arrived, and checks the body: that it was kept whole, and that the
 * signature covers it. When a check fails, calls api_fail and returns false. */
bool verify_request(struct api_request *request, time_t now);

#endif
