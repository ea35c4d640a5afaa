#include "serve/event-loop.h"
#include "unit/unit.h"

#include <stdlib.h>
#include <unistd.h>

enum { TIMERS = 200 };

struct scene {
    struct loop *loop;
    uint64_t last;
    int fired;
    bool in_order;
};

struct entry {
    struct timer timer;
    struct scene *scene;
};

static void note(void *context) {
    struct entry *entry = context;
    struct scene *scene = entry->scene;
    scene->in_order = scene->in_order && entry->timer.at >= scene->last && loop_now() >= entry->timer.at;
    scene->last = entry->timer.at;
    scene->fired++;
}

static void stop(void *context) {
    loop_stop(context);
}

static void test_timers(void) {
    static struct entry entries[TIMERS];
    struct scene scene = {.loop = loop_new(), .in_order = true};
    uint64_t now = loop_now();
    srand(7);
    TEST("timers fire in the order of their times, except cancelled ones") {
        for (int i = 0; i < TIMERS; i++) {
            entries[i] = (struct entry){.timer = {.fire = note, .context = &entries[i]}, .scene = &scene};
            loop_set_timer(scene.loop, &entries[i].timer, now + (uint64_t)(rand() % 5000000));
        }
        for (int i = 0; i < TIMERS; i += 4)
            loop_cancel(scene.loop, &entries[i].timer);
        for (int i = 1; i < TIMERS; i += 4)
            loop_set_timer(scene.loop, &entries[i].timer, now + (uint64_t)(rand() % 5000000));
        struct timer end = {.fire = stop, .context = scene.loop};
        loop_set_timer(scene.loop, &end, now + 6000000);
        CHECK(loop_run(scene.loop));
        CHECK(scene.in_order);
        CHECK(scene.fired == TIMERS - TIMERS / 4);
    }
    loop_free(scene.loop);
}

struct pair {
    struct loop *loop;
    struct watch first, second;
    int calls;
};

static void first_ready(void *context) {
    struct pair *pair = context;
    pair->calls++;
    loop_unwatch(pair->loop, &pair->first);
    loop_unwatch(pair->loop, &pair->second);
    loop_stop(pair->loop);
}

static void test_watches(void) {
    struct pair pair = {.loop = loop_new()};
    int one[2], two[2];
    TEST("a removed watch is not called, even for an earlier event") {
        CHECK(pipe(one) == 0 && pipe(two) == 0);
        CHECK(write(one[1], "x", 1) == 1 && write(two[1], "x", 1) == 1);
        pair.first = (struct watch){.fd = one[0], .ready = first_ready, .context = &pair};
        pair.second = (struct watch){.fd = two[0], .ready = first_ready, .context = &pair};
        CHECK(loop_watch(pair.loop, &pair.first) && loop_watch(pair.loop, &pair.second));
        CHECK(loop_run(pair.loop));
        CHECK(pair.calls == 1);
        for (int i = 0; i < 2; i++) {
            close(one[i]);
            close(two[i]);
        }
    }
    loop_free(pair.loop);
}

static void count_call(void *context) {
    *(int *)context += 1;
}

static void test_nothing_to_wait_for(void) {
    struct loop *loop = loop_new();
    TEST("a loop without watches and timers ends") {
        int fired = 0;
        struct timer timer = {.fire = count_call, .context = &fired};
        CHECK(loop_run(loop));
        loop_set_timer(loop, &timer, loop_now());
        CHECK(loop_run(loop));
        CHECK(fired == 1);
    }
    loop_free(loop);
}

int main(void) {
    test_timers();
    test_watches();
    test_nothing_to_wait_for();
    return unit_end();
}
