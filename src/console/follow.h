/* The events of a run as they come, to one page (server-sent events).
 *
 *     event: runs      data: the list of runs, whenever it has changed
 *     event: run       data: the summary of the followed run, whenever it has changed
 *     event: record    data: {"file":F,"record":{...}}: a line of one of its short files;
 * {"file":F,"bytes":N} when the line is too long to be sent event: message   data: {"text":S}: a line of what
 * it has said event: tally     data: {"file":F,"rows":[...]}: counts of a long file (console/tally.h) event:
 * again     a file was begun anew: everything that was sent of the run is to be forgotten
 *
 * Whoever connects again gets everything again. Files are looked at a few times a second, while somebody
 * watches. */
#ifndef CONSOLE_FOLLOW_H
#define CONSOLE_FOLLOW_H

#include "console/runs.h"
#include "serve/httpd.h"

struct follower;

/* All pages that watch. */
struct followers {
    struct loop *loop;
    const struct runs *runs;
    struct follower *first;
    size_t count;
    struct follower *turn; /* to read next; NULL: the first */
    struct timer reader;
    struct text list;   /* of runs */
    uint64_t next_list; /* when it is made again */
};

void followers_open(struct followers *followers, struct loop *loop, const struct runs *runs);

/* Answers `request` with the events of `run` (empty: the list alone). False when too many watch already; the
 * request is then the caller's still. */
bool follow(struct followers *followers, struct httpd_request *request, struct span run,
            const struct httpd_header *headers, size_t header_count);

/* Ends all. */
void followers_close(struct followers *followers);

#endif
