/* The keys that requests must be signed with: the ones in this program's environment, or random ones.
 * There are no well-known default keys. */
#ifndef LOCAL_API_KEYS_H
#define LOCAL_API_KEYS_H

#include <stdbool.h>

struct keys {
    char *access_key_id, *secret_access_key; /* owned */
    char *session_token;                     /* owned; NULL: none */
    bool made;                               /* random keys, which the user has not seen yet */
};

/* Reads the keys from the environment, or makes random ones. False with errno when the system has no random
 * bytes. The caller releases the keys either way. */
bool keys_take(struct keys *keys);
void keys_release(struct keys *keys);

#endif
