/* Events from files: a file with an event on each line, a folder of JSON files, or logs that contain the events
 * that a function got. */
#ifndef INIT_EVENT_FILES_H
#define INIT_EVENT_FILES_H

#include "tune/payload.h"
#include "util/text.h"

#include <stdbool.h>

/* The maximum length of a file, and of all events of a run together, in bytes. */
enum { EVENT_FILE_LIMIT = 64 * 1024 * 1024 };

/* Adds the events of the file or folder `path` to `list`.
 *
 * A file is one JSON value, of which the elements of an array are events, or it has an event on each line. A
 * file that is a weighted list is read as that (for `num` invocations); `list->use` then says so. A
 * folder has an event in each of its *.json files; they are read in the order of their names.
 *
 * With `member` ("record.event"; NULL: none), an event is the value at this path, in any object of any file: the
 * object may be the whole file, a line or the end of a line, or within an array, an object or a string, as in
 * exports of CloudWatch logs. What does not have the member is skipped. A string that contains JSON stands for
 * its content.
 *
 * False, with a line in `problems`, when something cannot be read, is not JSON or too large, or there is no
 * event. */
bool event_files_read(const char *path, const char *member, long long num, struct payload_list *list,
                      struct text *problems);

#endif
