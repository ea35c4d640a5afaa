/* Fuzzes the parsers of plans and price tables. */
#include "fuzz/fuzz.h"

#include "tune/plan.h"
#include "tune/price.h"
#include "util/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void read_prices(const uint8_t *bytes, size_t length) {
    struct price_table table;
    struct price price;
    char path[64];
    int fd = memfd_create("prices", 0);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (price_table_open(&table, path)) {
        static const char *const regions[] = {"", "us-east-1", "cn-north-1", "nowhere"};
        for (size_t i = 0; i < sizeof regions / sizeof *regions; i++)
            if (price_find(&table, regions[i], i % 2 ? "arm64" : "x86_64", &price))
                price_of(&price, 128 * 100.0);
        price_table_release(&table);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct span object;
    struct plan plan;
    struct text problem = TEXT_INIT;
    if (json_check((struct span){(const char *)bytes, length}, &object, NULL) &&
        plan_read_without_payloads(object, &plan, &problem)) {
        plan_allows_error(&plan, "Runtime.ExitError");
        plan_release(&plan);
    }
    text_clear(&problem);
    struct span payload_file; /* excluded: the file would be opened */
    if (json_check((struct span){(const char *)bytes, length}, &object, NULL) &&
        !json_member(object, "payloadFile", &payload_file) && plan_read(object, &plan, &problem))
        plan_release(&plan);
    text_release(&problem);
    read_prices(bytes, length);
    return 0;
}
