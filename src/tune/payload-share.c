/* Which invocation sends which payload. */
#include "tune/payload.h"

#include "util/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- weights ---- */

/* The number of `num` invocations that the payload `position` gets. */
static long long share_of(const struct payload_list *list, size_t position, long long num) {
    if (list->use != PAYLOAD_WEIGHTED)
        return num;
    double total = 0;
    long long given = 0;
    for (size_t i = 0; i < list->count; i++)
        total += list->payloads[i].weight;
    for (size_t i = 0; i < list->count; i++) {
        bool last = i + 1 == list->count;
        long long share =
            last ? num - given : (long long)floor(list->payloads[i].weight * (double)num / total);
        if (i == position)
            return share;
        given += share;
    }
    return 0;
}

/* As in the original: a payload that no invocation would get is an error. */
bool payload_list_check_shares(const struct payload_list *list, long long num, struct text *problems) {
    if ((long long)list->count > num) {
        text_append_format(problems, "payload: %zu weighted payloads are more than num = %lld invocations\n",
                           list->count, num);
        return false;
    }
    bool fits = true;
    for (size_t i = 0; i < list->count; i++)
        if (share_of(list, i, num) < 1) {
            text_append_format(
                problems,
                "payload: the weight of element %zu is too small: it gets none of num = %lld invocations\n",
                i + 1, num);
            fits = false;
        }
    return fits;
}

/* ---- events ---- */

static const char *const use_names[] = {NULL, "weighted", "inTurn", "once"};

const char *payload_use_name(enum payload_use use) {
    return use_names[use];
}

bool payload_use_parse(struct span name, enum payload_use *use) {
    for (enum payload_use i = PAYLOAD_WEIGHTED; i <= PAYLOAD_ONCE; i++)
        if (json_string_is(name, use_names[i])) {
            *use = i;
            return true;
        }
    return false;
}

static int compare_bodies(const void *a, const void *b) {
    const struct payload *first = *(const struct payload *const *)a,
                         *second = *(const struct payload *const *)b;
    size_t shorter = first->body.length < second->body.length ? first->body.length : second->body.length;
    int order = memcmp(text_string(&first->body), text_string(&second->body), shorter);
    if (order)
        return order;
    if (first->body.length != second->body.length)
        return first->body.length < second->body.length ? -1 : 1;
    return (first > second) - (first < second);
}

/* Keeps the first of equal payloads, with their number as its weight. */
static void merge_equal(struct payload_list *list) {
    size_t kept = 0;
    struct payload **order = memory_zeroed(list->count, sizeof *order);
    for (size_t i = 0; i < list->count; i++)
        order[i] = &list->payloads[i];
    qsort(order, list->count, sizeof *order, compare_bodies);
    for (size_t i = 0; i < list->count;) {
        struct payload *first = order[i];
        for (; i < list->count && order[i]->body.length == first->body.length &&
               memcmp(text_string(&order[i]->body), text_string(&first->body), first->body.length) == 0;
             i++)
            first->weight++;
    }
    free(order);
    for (size_t i = 0; i < list->count; i++) {
        if (list->payloads[i].weight > 0)
            list->payloads[kept++] = list->payloads[i];
        else
            text_release(&list->payloads[i].body);
    }
    list->count = kept;
}

/* Keeps `count` payloads; with `spread` they are taken from the whole list, otherwise from its start. */
static void keep(struct payload_list *list, size_t count, bool spread) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool wanted = kept < count && (!spread || i == kept * list->count / count);
        if (wanted)
            list->payloads[kept++] = list->payloads[i];
        else
            text_release(&list->payloads[i].body);
    }
    list->count = kept;
}

bool payload_list_settle(struct payload_list *list, enum payload_use use, const struct payload_demand *demand,
                         struct text *problems) {
    size_t each = (size_t)(demand->num + demand->warmup), all = each * demand->sizes;
    list->use = use;
    if (!list->count) {
        text_append_string(problems, "payloads: there are none\n");
        return false;
    }
    if (use == PAYLOAD_WEIGHTED) {
        merge_equal(list);
        return payload_list_check_shares(list, demand->num, problems);
    }
    if (use == PAYLOAD_ONCE && list->count < all) {
        text_append_format(problems,
                           "payloads: each is to be used once, but %zu are fewer than the %zu invocations of "
                           "this run (%zu at each of %zu sizes)\n",
                           list->count, all, each, demand->sizes);
        return false;
    }
    if (use == PAYLOAD_ONCE && list->count > all)
        keep(list, all, false);
    else if (use == PAYLOAD_IN_TURN && list->count > (size_t)demand->num)
        keep(list, (size_t)demand->num, true);
    return true;
}

static long long common_divisor(long long a, long long b) {
    return b ? common_divisor(b, a % b) : a;
}

/* Steps through the indexes by the golden section of `num` (a sequence like van der Corput's, 1935), which
 * visits each index once. */
static long long mix(long long index, long long num) {
    const double golden = 0.6180339887498949;
    long long step = (long long)((double)num * golden);
    while (step > 1 && common_divisor(num, step) != 1)
        step--;
    return num > 0 ? (index + 1) * (step > 0 ? step : 1) % num : index;
}

/* The payload of a weighted list: the invocations of the first payload come first. */
static size_t weighted_payload(const struct payload_list *list, long long index, long long num) {
    long long given = 0;
    for (size_t i = 0; i + 1 < list->count; i++) {
        given += share_of(list, i, num);
        if (index < given)
            return i;
    }
    return list->count ? list->count - 1 : 0;
}

size_t payload_of(const struct payload_list *list, const struct payload_demand *demand, size_t size,
                  long long index, bool mixed) {
    long long count = (long long)list->count, place = mixed && index >= 0 ? mix(index, demand->num) : index;
    if (list->use == PAYLOAD_WEIGHTED)
        return weighted_payload(list, place, demand->num);
    if (list->use == PAYLOAD_IN_TURN && count)
        return (size_t)((place % count + count) % count);
    if (list->use == PAYLOAD_ONCE)
        return (size_t)(index + demand->warmup) * demand->sizes + size;
    return 0;
}
