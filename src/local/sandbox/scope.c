#include "local/sandbox/scope.h"

#include "local/sandbox/cgroup.h"
#include "util/memory.h"
#include "util/subprocess.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

/* Set in the environment of the program in the scope, so that it does not start another one. */
static const char MARK[] = "POWER_TUNE_SCOPE";

enum { MAX_PREFIX = 8, RESPONSE_LIMIT = 4096 };

/* Uses the user's own systemd manager, or, as root, the system's. */
static size_t fill_prefix(char **command) {
    static char run[] = "systemd-run", user[] = "--user", scope[] = "--scope", quiet[] = "--quiet",
                collect[] = "--collect", delegate[] = "--property=Delegate=yes", mute[] = "--no-ask-password",
                end[] = "--";
    size_t count = 0;
    command[count++] = run;
    if (geteuid() != 0)
        command[count++] = user;
    command[count++] = scope;
    command[count++] = quiet;
    command[count++] = collect;
    command[count++] = delegate;
    command[count++] = mute;
    command[count++] = end;
    return count;
}

/* Tries systemd-run with a program that does nothing: there may be no manager. */
static bool works(void) {
    static char nothing[] = "true";
    char *command[MAX_PREFIX + 2] = {NULL};
    struct text output = TEXT_INIT, errors = TEXT_INIT;
    int status = 1;
    command[fill_prefix(command)] = nothing;
    bool ran = process_run(command, RESPONSE_LIMIT, 0, &status, &output, &errors);
    text_release(&output);
    text_release(&errors);
    return ran && status == 0;
}

void scope_enter(char **arguments) {
    size_t count = 0;
    while (arguments[count])
        count++;
    if (getenv(MARK) || !cgroup_wants_scope() || !works())
        return;
    char **command = memory_zeroed(MAX_PREFIX + count + 1, sizeof *command);
    size_t prefix = fill_prefix(command);
    char *self = realpath("/proc/self/exe", NULL);
    for (size_t i = 0; i < count; i++)
        command[prefix + i] = i == 0 && self ? self : arguments[i];
    setenv(MARK, "1", 1);
    execvp(command[0], command);
    unsetenv(MARK);
    free(self);
    free(command);
}
