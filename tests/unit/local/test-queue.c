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
    struct waiting_line *line = waiting_line_new(2.0);
    TEST("shares are granted while they fit") {
        prepare(t);
        waiting_line_enter(line, &t[0], 1.5);
        waiting_line_enter(line, &t[1], 0.5);
        waiting_line_enter(line, &t[2], 0.1);
        CHECK_TEXT(order, "ab");
    }
    TEST("who came first goes first, before a smaller one who would fit") {
        waiting_line_enter(line, &t[3], 2.0);
        waiting_line_enter(line, &t[4], 0.1);
        waiting_line_leave(line, &t[1]);
        CHECK_TEXT(order, "abc");
        waiting_line_leave(line, &t[0]);
        CHECK_TEXT(order, "abc");
        waiting_line_leave(line, &t[2]);
        CHECK_TEXT(order, "abcd");
        waiting_line_leave(line, &t[3]);
        CHECK_TEXT(order, "abcde");
        waiting_line_leave(line, &t[4]);
    }
    TEST("shares that would fit together, but on no core, wait") {
        prepare(t);
        waiting_line_enter(line, &t[0], 0.67);
        waiting_line_enter(line, &t[1], 0.67);
        waiting_line_enter(line, &t[2], 0.33);
        waiting_line_enter(line, &t[3], 0.34);
        CHECK_TEXT(order, "abc");
        waiting_line_leave(line, &t[2]);
        CHECK_TEXT(order, "abc");
        waiting_line_leave(line, &t[0]);
        CHECK_TEXT(order, "abcd");
        waiting_line_leave(line, &t[1]);
        waiting_line_leave(line, &t[3]);
    }
    TEST("a small share goes to the fullest core, and leaves the others whole") {
        prepare(t);
        waiting_line_enter(line, &t[0], 0.5);
        waiting_line_enter(line, &t[1], 0.25);
        waiting_line_enter(line, &t[2], 1.0);
        CHECK_TEXT(order, "abc");
        waiting_line_leave(line, &t[0]);
        waiting_line_leave(line, &t[1]);
        waiting_line_leave(line, &t[2]);
    }
    TEST("a share above the machine's is the whole machine") {
        prepare(t);
        waiting_line_enter(line, &t[0], 5.0);
        waiting_line_enter(line, &t[1], 5.0);
        CHECK_TEXT(order, "a");
        waiting_line_leave(line, &t[0]);
        CHECK_TEXT(order, "ab");
        waiting_line_leave(line, &t[1]);
    }
    TEST("who leaves while waiting lets the next one go") {
        prepare(t);
        waiting_line_enter(line, &t[0], 1.0);
        waiting_line_enter(line, &t[1], 2.0);
        waiting_line_enter(line, &t[2], 1.0);
        waiting_line_leave(line, &t[1]);
        CHECK_TEXT(order, "ac");
        waiting_line_leave(line, &t[0]);
        waiting_line_leave(line, &t[2]);
        waiting_line_leave(line, &t[2]);
    }
    TEST("a smaller share afterwards makes room") {
        prepare(t);
        waiting_line_enter(line, &t[0], 2.0);
        waiting_line_enter(line, &t[1], 1.5);
        waiting_line_adjust(line, &t[0], 0.5);
        CHECK_TEXT(order, "ab");
        waiting_line_leave(line, &t[0]);
        waiting_line_leave(line, &t[1]);
    }
    waiting_line_free(line);
}

static void test_limits(void) {
    struct ticket t[TICKETS];
    TEST("ten tenths fit into one") {
        struct waiting_line *line = waiting_line_new(0.5);
        prepare(t);
        for (int i = 0; i < 5; i++)
            waiting_line_enter(line, &t[i], 0.1);
        CHECK_TEXT(order, "abcde");
        for (int i = 0; i < 5; i++)
            waiting_line_leave(line, &t[i]);
        waiting_line_free(line);
    }
    TEST("without cores to share out nobody waits") {
        struct waiting_line *line = waiting_line_new(0);
        prepare(t);
        for (int i = 0; i < TICKETS; i++)
            waiting_line_enter(line, &t[i], 6.0);
        CHECK_TEXT(order, "abcdef");
        waiting_line_free(line);
    }
    TEST("after it is closed nobody is granted anything") {
        struct waiting_line *line = waiting_line_new(1.0);
        prepare(t);
        waiting_line_close(line);
        waiting_line_enter(line, &t[0], 0.1);
        CHECK_TEXT(order, "");
        waiting_line_free(line);
    }
}

int main(void) {
    test_fairness();
    test_limits();
    return unit_end();
}
