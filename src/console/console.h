/* What one running console is made of. */
#ifndef CONSOLE_CONSOLE_H
#define CONSOLE_CONSOLE_H

#include "console/command.h"
#include "console/follow.h"
#include "console/runs.h"
#include "serve/httpd.h"
#include "serve/secret.h"

struct console_options {
    int port;
    bool open;          /* a browser, too */
    const char *region; /* NULL: as the environment has them */
    const char *profile;
    const char *endpoint_url;
    char **folders; /* of local functions; none: those under the working directory */
    size_t folder_count;
};

struct console {
    struct console_options options;
    struct loop *loop;
    struct httpd_server *server;
    struct runs runs;
    struct commands commands;
    struct followers followers;
    struct text functions; /* folders of local functions (console/functions.h) */
    char secret[SECRET_SIZE];
    struct watch signals;
    struct text opened; /* the page that leads a browser here; "": none */
};

/* False, reported, when the console cannot be; console_close is called either way. */
bool console_open(struct console *console, const struct console_options *options);

/* The address with the secret in it. */
void console_address(const struct console *console, struct text *address);

/* Serves until a signal ends it. */
void console_run(struct console *console);

void console_close(struct console *console);

/* Shows the page in the person's browser. Other users see the arguments of processes: the address with its
 * secret goes through a file that is the person's alone. */
void console_show(struct console *console);

#endif
