/* Whose requests are obeyed: Host and Origin, which tell a web page, and Signature Version 4, which tells
 * everybody else. */
#ifndef LOCAL_API_VERIFY_H
#define LOCAL_API_VERIFY_H

#include "local/api/api.h"

#include <time.h>

/* Refuses what can be refused before the body has come: a Host that is not this server's, any Origin, a
 * Content-Length over the limit, and, unless signatures are not looked at, an Authorization header that is
 * not one of AWS's, of another key, or more than five minutes off `now`. False: the call is refused. */
bool verify_headers(struct api_request *call, time_t now);

/* The same with the body: one that was not kept, and one that is not what was signed. All other code may rely
 * on the call when this is true. */
bool verify_call(struct api_request *call, time_t now);

#endif
