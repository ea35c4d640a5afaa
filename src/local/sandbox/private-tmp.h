/* A private /tmp for each environment, by a mount namespace.
 *
 * The environment's /tmp is a folder that only this environment uses. These parts of the machine's /tmp
 * are visible in it, because programs may be installed there:
 *   - the entry directly below /tmp that contains the code or the interpreter, whole;
 *   - other folders directly below /tmp, read-only, but no files;
 *   - from this program's own folder, only the working directory of the environment.
 * Where namespaces are not permitted, /tmp is shared, and TMPDIR names a private folder. */
#ifndef LOCAL_SANDBOX_PRIVATE_TMP_H
#define LOCAL_SANDBOX_PRIVATE_TMP_H

#include <stdbool.h>
#include <stddef.h>

enum private_tmp_mechanism {
    PRIVATE_TMP_NONE, /* not permitted */
    PRIVATE_TMP_ROOT, /* a mount namespace, by privilege */
    PRIVATE_TMP_USER  /* a mount namespace within a user namespace */
};

struct private_tmp_bind {
    char *from, *to;
    bool read_only;
};

struct private_tmp {
    enum private_tmp_mechanism mechanism;
    const char *own; /* this program's own folder, of which other environments' parts stay hidden */
    char *folder;    /* the folder that is mounted as /tmp */
    struct private_tmp_bind *binds;
    size_t count, capacity;
};

/* Finds the best mechanism that is permitted here, by trying it with `folder` in a child process. */
enum private_tmp_mechanism private_tmp_find(const char *folder);

/* Describes a mechanism in a few words: "a private /tmp". */
const char *private_tmp_name(enum private_tmp_mechanism mechanism);

/* Makes `folder`, which is to be mounted as /tmp. `own` must live as long as `tmp`. False with errno. */
bool private_tmp_open(struct private_tmp *tmp, enum private_tmp_mechanism mechanism, const char *own,
                      const char *folder);

/* Makes `path`, with everything mounted on it, visible in /tmp. Later paths are mounted over earlier ones. */
void private_tmp_keep(struct private_tmp *tmp, const char *path);

/* Makes the other folders of /tmp visible, read-only, except those of pt-local instances. */
void private_tmp_keep_folders(struct private_tmp *tmp);

/* Gives this process, which must have one thread, a mount namespace of its own. False with errno. */
bool private_tmp_separate(enum private_tmp_mechanism mechanism);

/* Mounts /tmp in the mount namespace of this process. False with errno. */
bool private_tmp_enter(const struct private_tmp *tmp);

void private_tmp_release(struct private_tmp *tmp);

#endif
