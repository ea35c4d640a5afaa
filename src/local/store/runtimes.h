/* Managed runtimes: run a handler without a bootstrap, with this machine's Node.js or Python and the small
 * runtimes in share/runtimes. */
#ifndef LOCAL_STORE_RUNTIMES_H
#define LOCAL_STORE_RUNTIMES_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { RUNTIME_ARGUMENTS = 4 };

struct managed_runtime {
    const char *identifier; /* as the API shows it; NULL: no managed runtime, the folder's bootstrap runs */
    char *arguments[RUNTIME_ARGUMENTS]; /* of the process, from the interpreter's path to NULL; owned */
};

/* The names of the runtimes. */
#define RUNTIMES "nodejs|python"

/* Detects the runtime of a folder from its files: from the file that `handler` names ("file.function"),
 * or, when it is NULL, from the files of the default handlers. NULL when the folder has a bootstrap or no
 * such file. */
const char *runtime_detect(const char *directory, const char *handler);

/* What the function in a folder runs on: "provided" with an executable bootstrap, or runtime_detect. NULL when
 * the folder is not a function; runtime_describe_missing then appends what it lacks. */
const char *runtime_of_folder(const char *directory, const char *handler);
void runtime_describe_missing(const char *directory, const char *handler, struct text *out);

/* The default handler of the runtime `name`. */
const char *runtime_default_handler(const char *name);

/* Finds the interpreter and the runtime `name`, which must be known. False when one is missing; the reason is
 * then in `problem`. The caller releases `runtime` either way. */
bool runtime_open(struct managed_runtime *runtime, const char *name, char *problem, size_t size);
void runtime_release(struct managed_runtime *runtime);

#endif
