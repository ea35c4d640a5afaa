#include "local/environment/queue.h"
#include "unit/unit.h"

enum { TICKETS = 6 };

static char order[64];

static void granted(void *context) {
    char name[2] = {*(const char *)context, '\0'};
    strcat(order, name);
}

static void prepare(struct ticket *tickets) {
    static const char names[TICKETS] = {'a', 'b', 'c', 'd', 'e', 'f'};
    order[0] = '\0';
    for (int i = 0; i < TICKETS; i++)
        tickets[i] = (struct ticket){.granted = granted, .context = (void *)&names[i]};
}

static void test_fairness(void) {
    struct ticket t[TICKETS];
    struct admission_queue *queue = admission_queue_new(2.0);
    TEST("shares are granted while they fit") {
        prepare(t);
        admission_queue_enter(queue, &t[0], 1.5);
        admission_queue_enter(queue, &t[1], 0.5);
        admission_queue_enter(queue, &t[2], 0.1);
        CHECK_TEXT(order, "ab");
    }
    TEST("the queue is first in, first out: a smaller share does not overtake") {
        admission_queue_enter(queue, &t[3], 2.0);
        admission_queue_enter(queue, &t[4], 0.1);
        admission_queue_leave(queue, &t[1]);
        CHECK_TEXT(order, "abc");
        admission_queue_leave(queue, &t[0]);
        CHECK_TEXT(order, "abc");
        admission_queue_leave(queue, &t[2]);
        CHECK_TEXT(order, "abcd");
        admission_queue_leave(queue, &t[3]);
        CHECK_TEXT(order, "abcde");
        admission_queue_leave(queue, &t[4]);
    }
    TEST("a share waits when it fits in total but not on the cores") {
        prepare(t);
        admission_queue_enter(queue, &t[0], 0.67);
        admission_queue_enter(queue, &t[1], 0.67);
        admission_queue_enter(queue, &t[2], 0.33);
        admission_queue_enter(queue, &t[3], 0.34);
        CHECK_TEXT(order, "abc");
        admission_queue_leave(queue, &t[2]);
        CHECK_TEXT(order, "abc");
        admission_queue_leave(queue, &t[0]);
        CHECK_TEXT(order, "abcd");
        admission_queue_leave(queue, &t[1]);
        admission_queue_leave(queue, &t[3]);
    }
    TEST("a small share goes to the fullest core") {
        prepare(t);
        admission_queue_enter(queue, &t[0], 0.5);
        admission_queue_enter(queue, &t[1], 0.25);
        admission_queue_enter(queue, &t[2], 1.0);
        CHECK_TEXT(order, "abc");
        admission_queue_leave(queue, &t[0]);
        admission_queue_leave(queue, &t[1]);
        admission_queue_leave(queue, &t[2]);
    }
    TEST("a share larger than the machine takes the whole machine") {
        prepare(t);
        admission_queue_enter(queue, &t[0], 5.0);
        admission_queue_enter(queue, &t[1], 5.0);
        CHECK_TEXT(order, "a");
        admission_queue_leave(queue, &t[0]);
        CHECK_TEXT(order, "ab");
        admission_queue_leave(queue, &t[1]);
    }
    TEST("when a waiting ticket leaves, the next one is granted") {
        prepare(t);
        admission_queue_enter(queue, &t[0], 1.0);
        admission_queue_enter(queue, &t[1], 2.0);
        admission_queue_enter(queue, &t[2], 1.0);
        admission_queue_leave(queue, &t[1]);
        CHECK_TEXT(order, "ac");
        admission_queue_leave(queue, &t[0]);
        admission_queue_leave(queue, &t[2]);
        admission_queue_leave(queue, &t[2]);
    }
    TEST("reducing a share makes room for the next ticket") {
        prepare(t);
        admission_queue_enter(queue, &t[0], 2.0);
        admission_queue_enter(queue, &t[1], 1.5);
        admission_queue_adjust(queue, &t[0], 0.5);
        CHECK_TEXT(order, "ab");
        admission_queue_leave(queue, &t[0]);
        admission_queue_leave(queue, &t[1]);
    }
    admission_queue_free(queue);
}

static void test_limits(void) {
    struct ticket t[TICKETS];
    TEST("five tenths fit into half a core") {
        struct admission_queue *queue = admission_queue_new(0.5);
        prepare(t);
        for (int i = 0; i < 5; i++)
            admission_queue_enter(queue, &t[i], 0.1);
        CHECK_TEXT(order, "abcde");
        for (int i = 0; i < 5; i++)
            admission_queue_leave(queue, &t[i]);
        admission_queue_free(queue);
    }
    TEST("with 0 cores, every share is granted at once") {
        struct admission_queue *queue = admission_queue_new(0);
        prepare(t);
        for (int i = 0; i < TICKETS; i++)
            admission_queue_enter(queue, &t[i], 6.0);
        CHECK_TEXT(order, "abcdef");
        admission_queue_free(queue);
    }
    TEST("after the queue is closed, nothing is granted") {
        struct admission_queue *queue = admission_queue_new(1.0);
        prepare(t);
        admission_queue_close(queue);
        admission_queue_enter(queue, &t[0], 0.1);
        CHECK_TEXT(order, "");
        admission_queue_free(queue);
    }
}

int main(void) {
    test_fairness();
    test_limits();
    return unit_end();
}
