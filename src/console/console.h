/* The state of one running console. */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "console/command.h"
#include "console/follow.h"
#include "console/runs.h"
#include "serve/httpd.h"
#include "serve/secret.h"

struct console_options {
    int port;
    bool open;          /* open the page in a browser */
    const char *region; /* defaults of runs; NULL: from the environment */
    const char *profile;
    const char *endpoint_url;
    char **folders; /* of local functions; none: search the working directory */
    size_t folder_count;
};

struct console {
    struct console_options options;
    struct loop *loop;
    struct httpd_server *server;
    struct runs runs;
    struct commands commands;
    struct followers followers;
    struct text functions; /* folders of local functions (console/local-functions.h) */
    char secret[SECRET_SIZE];
    struct watch signals;
    struct text opened; /* path of the file that redirects a browser here; "": none */
};

/* Starts the console. On failure reports the error and returns false. Call console_close in both cases. */
bool console_open(struct console *console, const struct console_options *options);

/* Appends the address of the page, which contains the secret. */
void console_address(const struct console *console, struct text *address);

/* Serves until a signal ends it. */
void console_run(struct console *console);

void console_close(struct console *console);

/* Opens the page in a browser; warns when that fails. Other users can see the arguments of processes, so
 * the secret address is passed in a file that only this user can read. */
void console_show(struct console *console);

#endif
