#include "console/start-run.h"

#include "util/files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static void add_option(struct words *words, const char *option, const char *value, const char *otherwise) {
    struct text word = TEXT_INIT;
    const char *used = value && *value ? value : otherwise;
    if (used && *used) {
        text_append_format(&word, "%s=%s", option, used);
        words_add(words, word.bytes);
    }
    text_release(&word);
}

void launch_add_place(const struct console *console, const struct launch_place *place, struct words *words) {
    const struct console_options *own = &console->options;
    add_option(words, "--region", place->region, own->region);
    if (place->local)
        return;
    add_option(words, "--profile", place->profile, own->profile);
    add_option(words, "--endpoint-url", place->endpoint_url, own->endpoint_url);
}

static void add_directory(const struct console *console, struct span run, struct words *words) {
    struct text path = TEXT_INIT;
    runs_append_path(&console->runs, run, &path);
    words_add(words, path.bytes);
    text_release(&path);
}

/* Writes the command to the messages first, as a terminal would show it, then starts it. */
static bool begin(struct console *console, const struct words *words, struct span input, int messages,
                  struct text *command) {
    struct text line = TEXT_INIT;
    words_append(words, command);
    text_append_format(&line, "$ %s\n", command->bytes);
    bool begun = write_all(messages, line.bytes, line.length) &&
                 command_detach(&console->commands, words, input, messages);
    text_release(&line);
    return begun;
}

bool launch_run(struct console *console, const struct launch_place *place, struct span input,
                struct text *name, struct text *command) {
    struct words words = {NULL, 0};
    int messages = runs_make(&console->runs, name);
    if (messages < 0)
        return false;
    words_add(&words, "power-tune");
    words_add(&words, "--run-dir");
    add_directory(console, (struct span){name->bytes, name->length}, &words);
    if (place->local) {
        words_add(&words, "--local");
        words_add(&words, place->local);
    }
    launch_add_place(console, place, &words);
    words_add(&words, "-");
    bool begun = begin(console, &words, input, messages, command);
    int error = errno;
    close(messages);
    words_release(&words);
    errno = error;
    return begun;
}

bool launch_again(struct console *console, const char *option, struct span run, struct text *command) {
    struct words words = {NULL, 0};
    int messages = runs_open_file(&console->runs, run, span_of("messages"), O_WRONLY | O_APPEND | O_CREAT);
    if (messages < 0)
        return false;
    words_add(&words, "power-tune");
    words_add(&words, option);
    add_directory(console, run, &words);
    bool begun = begin(console, &words, (struct span){"", 0}, messages, command);
    int error = errno;
    close(messages);
    words_release(&words);
    errno = error;
    return begun;
}
