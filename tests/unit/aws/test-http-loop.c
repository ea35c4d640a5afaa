/* aws/http-loop: when it waits. */
#include "unit/unit.h"

#include "aws/http-loop.h"

#include <unistd.h>

static void done(struct http_transfer *transfer, enum http_result outcome, void *context) {
    (void)transfer;
    (void)outcome;
    (void)context;
}

int main(void) {
    struct http_loop loop;
    int ends[2];
    if (!http_start() || !http_loop_open(&loop, 1, done, NULL) || pipe(ends) != 0)
        return 99;
    TEST("a wait that nothing could end is not begun, even with a display's tick") {
        CHECK(http_loop_wait(&loop, -1) == HTTP_LOOP_IDLE);
        loop.tick_ms = 1;
        CHECK(http_loop_wait(&loop, -1) == HTTP_LOOP_IDLE);
    }
    TEST("the loop waits for a time, and for a watched descriptor") {
        CHECK(http_loop_wait(&loop, 1) == HTTP_LOOP_HANDLED);
        http_loop_watch(&loop, ends[0]);
        CHECK(http_loop_wait(&loop, -1) == HTTP_LOOP_HANDLED); /* a tick */
        CHECK(write(ends[1], "x", 1) == 1);
        CHECK(http_loop_wait(&loop, -1) == HTTP_LOOP_READABLE);
        http_loop_watch(&loop, -1);
        CHECK(http_loop_wait(&loop, -1) == HTTP_LOOP_IDLE);
    }
    http_loop_close(&loop);
    http_end();
    return unit_end();
}
