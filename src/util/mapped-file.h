/* A file whose bytes are read where the system keeps them, without a copy.
 *
 * The file may be cut short meanwhile, or a disk may fail. To touch a page that is not there is then answered
 * with SIGBUS, which would end the program; here the page, and all behind it, becomes zeros, and
 * mapped_file_is_whole says so. Who has taken anything from a mapping asks that before he believes it. */
#ifndef UTIL_MAPPED_FILE_H
#define UTIL_MAPPED_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Maps the first `length` bytes of `fd`, which may be closed then, and returns the first of them. NULL when
 * that cannot be done, or another file is mapped: there is one at a time, since a signal has no other way to
 * know of it. */
const char *mapped_file_open(int fd, size_t length);

/* False once a byte that was read was not the file's. */
bool mapped_file_is_whole(void);

/* The `length` bytes from `place` on, a multiple of the page size, are not needed for now, as far as there
 * are so many: they no longer count as memory of this process, until they are read again. */
void mapped_file_forget(size_t place, size_t length);

/* Allowed when none is mapped. */
void mapped_file_close(void);

#endif
