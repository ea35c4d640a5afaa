/* A file mapped into memory, so that it is read without a copy.
 *
 * The file may be truncated while it is read, or a disk may fail. Reading a missing page then raises SIGBUS,
 * which would end the program; here that page and all following ones become zeros instead, and
 * mapped_file_is_whole returns false. Check that before trusting anything that was read from the mapping. */
#ifndef UTIL_MAPPED_FILE_H
#define UTIL_MAPPED_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Maps the first `length` bytes of `fd` and returns their address; `fd` may then be closed. NULL when that
 * fails, or when another file is mapped: there can be only one at a time, because the signal handler finds it
 * in a global variable. */
const char *mapped_file_open(int fd, size_t length);

/* False after zeros replaced bytes of the file. */
bool mapped_file_is_whole(void);

/* Tells the system that the `length` bytes from `offset` (a multiple of the page size) are not needed for
 * now, so that they do not count as memory of this process until they are read again. A range past the end is
 * cut. */
void mapped_file_forget(size_t offset, size_t length);

/* Unmaps the file; does nothing when none is mapped. */
void mapped_file_close(void);

#endif
