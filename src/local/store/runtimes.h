/* Handlers without a bootstrap: the machine's own Node.js or Python with the small runtimes in
 * share/runtimes. */
#ifndef LOCAL_STORE_RUNTIMES_H
#define LOCAL_STORE_RUNTIMES_H

#include <stdbool.h>
#include <stddef.h>

enum { RUNTIME_ARGUMENTS = 4 };

struct managed_runtime {
    const char *identifier; /* as the API shows it; NULL: there is none, and the folder's bootstrap runs */
    char *arguments[RUNTIME_ARGUMENTS]; /* of the process, the interpreter's path first, NULL at the end;
                                           owned */
};

/* True when pt-local has a runtime of that name. */
bool runtime_is_known(const char *name);

/* The runtime of a folder that has no bootstrap but a handler: by the file that `handler` names
 * ("file.function"), or without one by the default names of the runtimes. NULL when there is none. */
const char *runtime_detect(const char *directory, const char *handler);

/* The handler that a runtime has when none is named. */
const char *runtime_default_handler(const char *name);

/* Finds the interpreter and the runtime `name`. False: `problem` says why. */
bool runtime_open(struct managed_runtime *runtime, const char *name, char *problem, size_t size);
void runtime_release(struct managed_runtime *runtime);

#endif
