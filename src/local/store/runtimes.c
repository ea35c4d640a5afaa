#include "local/store/runtimes.h"

#include "util/files.h"
#include "util/memory.h"
#include "util/subprocess.h"
#include "util/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RESPONSE_LIMIT = 4096 };

/* `where` makes the interpreter print its own path: the command in PATH may be the wrapper of a version
 * manager, which needs environment variables that functions do not get. -B: Python writes no byte code,
 * because it would be written to the environment's own folder and never be read. */
static const struct known {
    const char *name, *identifier, *interpreter, *ask, *where, *option, *script, *handler;
    const char *endings[3]; /* of files with handlers */
} known[] = {
    {"nodejs",
     "nodejs22.x",
     "node",
     "-p",
     "process.execPath",
     NULL,
     "runtimes/nodejs.mjs",
     "index.handler",
     {".mjs", ".js", ".cjs"}},
    {"python",
     "python3.13",
     "python3",
     "-c",
     "import sys; print(sys.executable)",
     "-B",
     "runtimes/python.py",
     "lambda_function.lambda_handler",
     {".py", NULL, NULL}},
};

enum { KNOWN = sizeof known / sizeof *known };

static const struct known *find(const char *name) {
    for (size_t i = 0; i < KNOWN; i++)
        if (strcmp(known[i].name, name) == 0)
            return &known[i];
    return NULL;
}

const char *runtime_default_handler(const char *name) {
    return find(name)->handler;
}

/* True when the folder has the file of `handler`, "file.function", with this ending. */
static bool has_file(const char *directory, const char *handler, const char *ending) {
    const char *dot = strrchr(handler, '.');
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%.*s%s", directory, (int)(dot ? dot - handler : 0), handler, ending);
    bool there = dot && access(path.bytes, R_OK) == 0;
    text_release(&path);
    return there;
}

const char *runtime_detect(const char *directory, const char *handler) {
    if (has_file(directory, "bootstrap.", ""))
        return NULL;
    for (size_t i = 0; i < KNOWN; i++)
        for (size_t j = 0; j < 3 && known[i].endings[j]; j++)
            if (has_file(directory, handler ? handler : known[i].handler, known[i].endings[j]))
                return known[i].name;
    return NULL;
}

const char *runtime_of_folder(const char *directory, const char *handler) {
    struct text bootstrap = TEXT_INIT;
    text_append_format(&bootstrap, "%s/bootstrap", directory);
    bool runs = access(bootstrap.bytes, X_OK) == 0;
    text_release(&bootstrap);
    return runs ? "provided" : runtime_detect(directory, handler);
}

/* Appends "index.mjs, index.js, ... and lambda_function.py". */
static void append_files(struct text *out, const char *handler) {
    size_t last = KNOWN - 1;
    for (size_t i = 0; i < KNOWN; i++)
        for (size_t j = 0; j < 3 && known[i].endings[j]; j++) {
            const char *name = handler ? handler : known[i].handler, *dot = strrchr(name, '.');
            bool is_last = i == last && (j == 2 || !known[i].endings[j + 1]);
            text_append_string(out, !i && !j ? "" : is_last ? " and " : ", ");
            text_append_format(out, "%.*s%s", (int)(dot ? dot - name : 0), name, known[i].endings[j]);
        }
}

void runtime_describe_missing(const char *directory, const char *handler, struct text *out) {
    struct stat status;
    struct text bootstrap = TEXT_INIT;
    text_append_format(&bootstrap, "%s/bootstrap", directory);
    if (stat(directory, &status) != 0)
        text_append_format(out, "cannot open the folder '%s': %s", directory, strerror(errno));
    else if (!S_ISDIR(status.st_mode))
        text_append_format(out, "'%s' is not a folder", directory);
    else if (access(bootstrap.bytes, F_OK) == 0)
        text_append_format(out, "'%s' is not executable (chmod +x)", bootstrap.bytes);
    else if (handler && !strrchr(handler, '.'))
        text_append_format(out, "the handler '%s' is not FILE.NAME", handler);
    else {
        text_append_format(out, "'%s' has no executable 'bootstrap', and none of ", directory);
        append_files(out, handler);
        text_append_string(out, handler ? "" : "; for another file: --handler FILE.NAME");
    }
    text_release(&bootstrap);
}

static char *ask_path(const struct known *runtime) {
    int status;
    struct text path = TEXT_INIT, errors = TEXT_INIT;
    char interpreter[16], option[16], question[64];
    snprintf(interpreter, sizeof interpreter, "%s", runtime->interpreter);
    snprintf(option, sizeof option, "%s", runtime->ask);
    snprintf(question, sizeof question, "%s", runtime->where);
    char *arguments[] = {interpreter, option, question, NULL};
    bool ran = process_run(arguments, RESPONSE_LIMIT, 0, &status, &path, &errors) && status == 0;
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
        snprintf(problem, size, "cannot run %s", wanted->interpreter);
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
