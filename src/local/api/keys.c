#include "local/api/keys.h"

#include "serve/secret.h"
#include "util/memory.h"

#include <stdlib.h>

/* NULL when it is not set, or empty. */
static char *variable(const char *name) {
    const char *value = getenv(name);
    return value && *value ? memory_copy_string(value) : NULL;
}

static char *random_text(void) {
    char secret[SECRET_SIZE];
    return secret_make(secret) ? memory_copy_string(secret) : NULL;
}

bool keys_take(struct keys *keys) {
    *keys = (struct keys){variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"),
                          variable("AWS_SESSION_TOKEN"), false};
    if (keys->access_key_id && keys->secret_access_key)
        return true;
    keys_release(keys);
    *keys = (struct keys){random_text(), random_text(), NULL, true};
    return keys->access_key_id && keys->secret_access_key;
}

void keys_release(struct keys *keys) {
    free(keys->access_key_id);
    free(keys->secret_access_key);
    free(keys->session_token);
    *keys = (struct keys){NULL, NULL, NULL, false};
}
