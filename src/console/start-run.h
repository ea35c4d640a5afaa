/* Starts, recovers and resumes runs, each by one command of the driver. */
#ifndef CONSOLE_START_RUN_H
#define CONSOLE_START_RUN_H

#include "console/console.h"

/* Where a run takes place, as the page selected; NULL: as the console's own options say. */
struct launch_place {
    const char *local; /* folder of a local function, or NULL */
    const char *region, *profile, *endpoint_url;
};

/* Adds the options that select `place` to a command. */
void launch_add_place(const struct console *console, const struct launch_place *place, struct words *words);

/* Starts a run with `input`. Appends its name to `name` and its command line to `command`. False with
 * errno. */
bool launch_run(struct console *console, const struct launch_place *place, struct span input,
                struct text *name, struct text *command);

/* Starts `power-tune OPTION DIR`, with --recover or --resume, for a run that has ended. Appends the
 * command line to `command`. False with errno. */
bool launch_again(struct console *console, const char *option, struct span run, struct text *command);

#endif
