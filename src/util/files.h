/* Whole files, and the data files of this toolkit. */
#ifndef UTIL_FILES_H
#define UTIL_FILES_H

#include "util/text.h"

#include <stdbool.h>

/* Appends the content of the file `path` ("-": standard input) to `content`. False when it cannot be opened
 * or read, or is larger than `limit` bytes: errno tells why (EFBIG for the limit), and what was appended is
 * of no use. */
bool file_read(const char *path, size_t limit, struct text *content);

/* Writes `length` bytes to `path`, mode 0600, so that after a power cut there is either the whole new file or
 * what was there before: a temporary file beside it is written, flushed to the disk, renamed, and the
 * directory flushed. False with errno. */
bool file_write_durably(const char *path, const char *content, size_t length);

/* Writes all `length` bytes to the descriptor, however many calls that takes. False with errno. */
bool write_all(int fd, const char *bytes, size_t length);

/* The descriptor to read an input from: standard input for "-", else the file `path`; `*name` is what
 * messages call it. -1 when it cannot be opened, which is reported. input_close closes it, and leaves
 * standard input open. */
int input_open(const char *path, const char **name);
void input_close(int fd);

/* Flushes the directory that `path` lies in, so that a file created there survives a power cut. False with
 * errno. */
bool directory_sync(const char *path);

/* Appends the path of a data file of this toolkit ("prices.json") to `path`: beside the running program in
 * the source tree
 * (../share/NAME) or as it was installed (../share/power-tune/NAME). False when neither is there; `path` then
 * ends in the second, for the message. */
bool share_path(const char *name, struct text *path);

#endif
