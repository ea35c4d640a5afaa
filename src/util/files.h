/* Reading and writing whole files, and finding the toolkit's data files. */
#ifndef UTIL_FILES_H
#define UTIL_FILES_H

#include "util/text.h"

#include <stdbool.h>

/* Appends the content of the file `path` ("-": standard input) to `content`. False when it cannot be opened
 * or read, or is larger than `limit` bytes; errno then tells why (EFBIG: over the limit), and `content` may
 * end in a part of the file. */
bool file_read(const char *path, size_t limit, struct text *content);

/* Writes `length` bytes to `path` (mode 0600). After a power failure there is either the whole new file or
 * the old state: a temporary file in the same directory is written, flushed to disk and renamed, and the
 * directory is flushed. False, with errno, on failure. */
bool file_write_durably(const char *path, const char *content, size_t length);

/* Writes all `length` bytes to the descriptor, with as many system calls as it takes. False, with errno, on
 * failure. */
bool write_all(int fd, const char *bytes, size_t length);

/* Opens an input and returns its descriptor: standard input for "-", otherwise the file `path`. `*name`
 * becomes its name for messages. Returns -1 when the file cannot be opened, which is reported. input_close
 * closes the descriptor, but leaves standard input open. */
int input_open(const char *path, const char **name);
void input_close(int fd);

/* True when `path` is a directory. */
bool is_directory(const char *path);

/* Flushes the directory that contains `path`, so that a file created there survives a power failure. False,
 * with errno, on failure. */
bool directory_sync(const char *path);

/* Appends to `path` the path of one of this toolkit's data files ("prices.json"): ../share/NAME beside the
 * running program (source tree), or ../share/power-tune/NAME (installed). False when neither exists; `path`
 * then ends in the second one, for the message. */
bool share_path(const char *name, struct text *path);

#endif
