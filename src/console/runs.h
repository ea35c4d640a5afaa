/* The run directories under ${XDG_STATE_HOME:-~/.local/state}/power-tune/runs, and nothing else: names are
 * checked, links are not followed, and only files that a run is known to keep are handed out. */
#ifndef CONSOLE_RUNS_H
#define CONSOLE_RUNS_H

#include "console/run-process.h"
#include "util/span.h"
#include "util/text.h"

enum { MAX_RUN_NAME = 100 };

struct runs {
    int folder;       /* descriptor */
    struct text path; /* of it, absolute */
};

/* Makes the folder where it is missing. False, reported, when it cannot be used or is another user's. */
bool runs_open(struct runs *runs);
void runs_close(struct runs *runs);

/* Letters, digits, '.', '_' and '-', the first a letter or digit. */
bool run_name_is_valid(struct span name);

/* Makes the directory of a new run and opens its file "messages". The descriptor, or -1 with errno; the name
 * is appended. */
int runs_make(const struct runs *runs, struct text *name);

/* Opens a file of a run; -1 with errno when there is none (ENOENT), or it is not one that is handed out
 * (EACCES). */
int runs_open_file(const struct runs *runs, struct span run, struct span file, int flags);

/* Appends at most `limit` bytes of a file from `offset` (from the end where it is negative). False with
 * errno. */
bool runs_read(const struct runs *runs, struct span run, const char *file, long long offset, size_t limit,
               struct text *content);

bool run_exists(const struct runs *runs, struct span run);
bool run_has(const struct runs *runs, struct span run, const char *file);

/* The process of its driver if that runs, 0 otherwise; a signal is sent to it (0: none). */
pid_t run_signal(const struct runs *runs, struct span run, int signal);

/* Appends the names of the newest `most` runs, newest first, with a NUL behind each; how many. */
size_t runs_list(const struct runs *runs, size_t most, struct text *names);

#endif
