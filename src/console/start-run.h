/* What the page can have done to runs, each by one command of the driver. */
#ifndef CONSOLE_START_RUN_H
#define CONSOLE_START_RUN_H

#include "console/console.h"

/* Where a run is to take place, as the page says; NULL: as the console's own options have it. */
struct launch_place {
    const char *local; /* the folder of a local function, or NULL */
    const char *region, *profile, *endpoint_url;
};

/* Adds the options for that place to a command. */
void launch_add_place(const struct console *console, const struct launch_place *place, struct words *words);

/* Starts a run with `input`; its name and its command line are appended. False with errno. */
bool launch_run(struct console *console, const struct launch_place *place, struct span input,
                struct text *name, struct text *command);

/* `power-tune OPTION DIR` for a run that is over: --recover or --resume. The same. */
bool launch_again(struct console *console, const char *option, struct span run, struct text *command);

#endif
