/* The keys that requests must be signed with: those of this program's own environment, else random ones.
 * There are none that everybody knows. */
#ifndef LOCAL_API_KEYS_H
#define LOCAL_API_KEYS_H

#include <stdbool.h>

struct keys {
    char *access_key_id, *secret_access_key; /* owned */
    char *session_token;                     /* owned; NULL: none */
    bool made;                               /* they are random, and nobody knows them yet */
};

/* False with errno when there is no randomness. */
bool keys_take(struct keys *keys);
void keys_release(struct keys *keys);

#endif
