#include "local/runtimes.h"

#include "util/files.h"
#include "util/memory.h"
#include "util/process.h"
#include "util/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_LIMIT = 4096 };

/* `where` makes the interpreter say its own path: what PATH finds may be a version manager's wrapper, which
 * needs an environment that functions do not have. -B: Python must not write into the function's folder, that
 * would be another code. */
static const struct known {
    const char *name, *identifier, *interpreter, *ask, *where, *option, *script;
} known[] = {
    {"nodejs", "nodejs22.x", "node", "-p", "process.execPath", NULL, "runtimes/nodejs.mjs"},
    {"python", "python3.13", "python3", "-c", "import sys; print(sys.executable)", "-B",
     "runtimes/python.py"},
};

static const struct known *find(const char *name) {
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

bool runtime_is_known(const char *name) {
    return find(name) != NULL;
}

static char *ask_path(const struct known *runtime) {
    int status;
    struct text path = TEXT_INIT, errors = TEXT_INIT;
    char interpreter[16], option[16], question[64];
    snprintf(interpreter, sizeof interpreter, "%s", runtime->interpreter);
    snprintf(option, sizeof option, "%s", runtime->ask);
    snprintf(question, sizeof question, "%s", runtime->where);
    char *arguments[] = {interpreter, option, question, NULL};
    bool ran = process_run(arguments, ANSWER_LIMIT, &status, &path, &errors) && status == 0;
    text_release(&errors);
    while (path.length && path.bytes[path.length - 1] == '\n')
        path.bytes[--path.length] = '\0';
    if (ran && path.length)
        return path.bytes;
    text_release(&path);
    return NULL;
}

bool runtime_open(struct managed_runtime *runtime, const char *name, char *problem, size_t size) {
    const struct known *wanted = find(name);
    struct text script = TEXT_INIT;
    size_t count = 0;
    *runtime = (struct managed_runtime){.identifier = wanted->identifier};
    char *interpreter = ask_path(wanted);
    if (!interpreter) {
        snprintf(problem, size, "there is no %s that can be run", wanted->interpreter);
        return false;
    }
    runtime->arguments[count++] = interpreter;
    if (wanted->option)
        runtime->arguments[count++] = memory_copy_string(wanted->option);
    bool found = share_path(wanted->script, &script);
    runtime->arguments[count] = script.bytes;
    if (!found)
        snprintf(problem, size, "%s: %s", text_string(&script), strerror(ENOENT));
    return found;
}

void runtime_release(struct managed_runtime *runtime) {
    for (size_t i = 0; i < RUNTIME_ARGUMENTS; i++)
        free(runtime->arguments[i]);
    *runtime = (struct managed_runtime){.identifier = NULL};
}
