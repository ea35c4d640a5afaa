/* A /tmp of its own for each environment, by a mount namespace.
 *
 * The environment sees as /tmp a folder in which it may write and nobody else does. Of the machine's /tmp it
 * sees what it may run from: of what lies in this program's own folder its working directory alone; whole
 * the folder or file just below /tmp that the code or its interpreter lies in; other folders just below /tmp
 * read-only, for a bootstrap may call what is installed there; no other files. Where namespaces are not
 * permitted /tmp is shared, and TMPDIR alone names a folder of its own. */
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
    const char *own; /* the folder of this program in which everything belongs to one environment */
    char *folder;    /* what is seen as /tmp */
    struct private_tmp_bind *binds;
    size_t count, capacity;
};

/* What is permitted here, found by trying it with `folder` in a process of its own. */
enum private_tmp_mechanism private_tmp_find(const char *folder);

/* "a private /tmp", or what there is instead. */
const char *private_tmp_name(enum private_tmp_mechanism mechanism);

/* Makes `folder`, which is to be /tmp. False with errno. `own` must live as long as `tmp`. */
bool private_tmp_open(struct private_tmp *tmp, enum private_tmp_mechanism mechanism, const char *own,
                      const char *folder);

/* `path` is to be seen, with what is mounted there then; over what was named before. */
void private_tmp_keep(struct private_tmp *tmp, const char *path);

/* What else lies in /tmp: the folders, read-only; but not this program's own or its like. */
void private_tmp_keep_folders(struct private_tmp *tmp);

/* Gives this process, which has one thread, a mount namespace of its own. False with errno. */
bool private_tmp_separate(enum private_tmp_mechanism mechanism);

/* Makes /tmp so in the mount namespace of this process. False with errno. */
bool private_tmp_enter(const struct private_tmp *tmp);

void private_tmp_release(struct private_tmp *tmp);

#endif
