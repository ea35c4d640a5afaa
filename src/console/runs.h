/* Access to the run directories in ${XDG_STATE_HOME:-~/.local/state}/power-tune/runs, and to those that the
 * driver has linked in the folder "elsewhere" beside it (--run-dir), if nobody else can write to them; to nothing
 * else. Names are checked, other symbolic links are not followed, and only known files of a run can be opened. */
#ifndef CONSOLE_RUNS_H
#define CONSOLE_RUNS_H

#include "console/run-process.h"
#include "util/span.h"
#include "util/text.h"

enum { MAX_RUN_NAME = 100 };

struct runs {
    int folder;       /* descriptor */
    int elsewhere;    /* of the folder with the links; -1: none */
    struct text path; /* of the folder, absolute */
};

/* Opens the folder, and makes it if it does not exist. On failure, or when other users could write to it,
 * reports the error and returns false. */
bool runs_open(struct runs *runs);
void runs_close(struct runs *runs);

/* True for 1 to 100 letters, digits, '.', '_' and '-' that begin with a letter or digit. */
bool run_name_is_valid(struct span name);

/* Appends the path of a run's directory. */
void runs_append_path(const struct runs *runs, struct span run, struct text *path);

/* Makes the directory of a new run, appends its name to `name`, and opens its file "messages". Returns the
 * descriptor, or -1 with errno. */
int runs_make(const struct runs *runs, struct text *name);

/* Opens a file of a run. Returns the descriptor, or -1 with errno: ENOENT when it does not exist, EACCES
 * when it is not a known file of a run. */
int runs_open_file(const struct runs *runs, struct span run, struct span file, int flags);

/* Appends at most `limit` bytes of a file from `offset`, counted from the end if negative. False with
 * errno. */
bool runs_read(const struct runs *runs, struct span run, const char *file, long long offset, size_t limit,
               struct text *content);

/* True when the run exists; when it has the file. */
bool run_exists(const struct runs *runs, struct span run);
bool run_has(const struct runs *runs, struct span run, const char *file);

/* Sends a signal (0: none) to the driver of a run. Returns its process number, or 0 when it is not
 * running. */
pid_t run_signal(const struct runs *runs, struct span run, int signal);

/* Appends the names of the newest `most` runs, newest first, each followed by a NUL. Returns their number. */
size_t runs_list(const struct runs *runs, size_t most, struct text *names);

#endif
