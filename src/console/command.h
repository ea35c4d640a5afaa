/* The programs that the console runs: small ones that answer, whose output it waits for, and the driver,
 * which goes on without it. */
#ifndef CONSOLE_COMMAND_H
#define CONSOLE_COMMAND_H

#include "serve/event-loop.h"
#include "util/shellwords.h"
#include "util/span.h"

/* What came of a program: its exit status, or 128 + N; what it wrote, as far as a limit. */
struct command_result {
    int status;
    struct span output, errors;
};

struct command;

struct commands {
    struct loop *loop;
    struct text folder; /* of the programs */
    struct command *running;
    size_t count;
};

/* Finds the programs, which stand beside this one. False with errno. */
bool commands_open(struct commands *commands, struct loop *loop);

/* Ends what is running, without a word to who waits for it. */
void commands_close(struct commands *commands);

/* Runs a program of this toolkit with `input` on its standard input, and calls `done` when it has ended; one
 * that takes too long is ended. `words` name it without its folder. False with errno: it was not started
 * (EAGAIN: too many are running), and `done` is not called. */
bool command_run(struct commands *commands, const struct words *words, struct span input,
                 void (*done)(void *context, const struct command_result *result), void *context);

/* Starts a program that outlives this one, in a session of its own, with both outputs to `output`. One that
 * is none of this toolkit's is looked for in PATH. False with errno. */
bool command_detach(struct commands *commands, const struct words *words, struct span input, int output);

/* To be called when children have ended. */
void commands_reap(struct commands *commands);

#endif
