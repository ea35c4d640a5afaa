/* Runs programs of the toolkit: short ones, whose output the console waits for, and the driver, which
 * continues without the console. */
#ifndef CONSOLE_COMMAND_H
#define CONSOLE_COMMAND_H

#include "serve/event-loop.h"
#include "util/shellwords.h"
#include "util/span.h"

/* The result of a program: its exit status, or 128 + N after signal N, and its output, cut to a limit. */
struct command_result {
    int status;
    struct span output, errors;
};

struct command;

struct commands {
    struct loop *loop;
    struct text folder; /* that contains the programs */
    struct command *running;
    size_t count;
};

/* Finds the programs, which are in the same folder as this one. False with errno. */
bool commands_open(struct commands *commands, struct loop *loop);

/* Kills the running programs without calling `done`. */
void commands_close(struct commands *commands);

/* Runs a program of this toolkit with `input` on its standard input, and calls `done` when it has ended.
 * `words` are its name, without folder, and its arguments. Kills it after two minutes. When it cannot be
 * started, returns false with errno (EAGAIN: too many are running) and does not call `done`. */
bool command_run(struct commands *commands, const struct words *words, struct span input,
                 void (*done)(void *context, const struct command_result *result), void *context);

/* Starts a program that outlives the console, in a session of its own, with standard output and standard
 * error to `output`. A program that is not part of the toolkit is searched in PATH. False with errno. */
bool command_detach(struct commands *commands, const struct words *words, struct span input, int output);

/* To be called when child processes have ended. */
void commands_reap(struct commands *commands);

#endif
