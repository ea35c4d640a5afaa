/* Sends the events of a run to a page as they happen (server-sent events).
 *
 *     event: runs      data: the list of runs, after each change
 *     event: run       data: the summary of the followed run, after each change
 *     event: record    data: {"file":F,"record":{...}}: a line of one of its short files
 *                            {"file":F,"bytes":N}: a line that is too long to be sent
 *     event: message   data: {"text":S}: a line that the run has printed
 *     event: counts    data: {"file":F,"rows":[...]}: record counts of a long file (console/record-counts.h)
 *     event: again     data: {}: a file was replaced; forget everything about the run
 *
 * A page that reconnects gets everything again. Files are read a few times a second, while a page is
 * connected. */
#ifndef CONSOLE_FOLLOW_H
#define CONSOLE_FOLLOW_H

#include "console/runs.h"
#include "serve/httpd.h"

struct follower;

/* All connected pages. */
struct followers {
    struct loop *loop;
    const struct runs *runs;
    struct follower *first;
    size_t count;
    struct follower *turn; /* the next to be served; NULL: the first */
    struct timer reader;
    struct text list;   /* of runs, as JSON */
    uint64_t next_list; /* when the list is made again, as loop_now */
};

void followers_open(struct followers *followers, struct loop *loop, const struct runs *runs);

/* Responds to `request` with the events of `run`; with an empty `run`, only with the list. When too many
 * pages are connected, returns false, and the caller must respond. */
bool follow(struct followers *followers, struct httpd_request *request, struct span run,
            const struct httpd_header *headers, size_t header_count);

/* Ends the responses to all pages. */
void followers_close(struct followers *followers);

#endif
