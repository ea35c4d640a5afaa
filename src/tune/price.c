#include "tune/price.h"

#include "util/diagnostics.h"
#include "util/files.h"
#include "util/json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TABLE_LIMIT = 4 * 1024 * 1024 };

bool price_table_open(struct price_table *table, const char *path) {
    *table = (struct price_table){.content = TEXT_INIT};
    struct text shared = TEXT_INIT;
    struct json_error error;
    struct span fallback;
    if (!path) {
        share_path("prices.json", &shared);
        path = text_string(&shared);
    }
    bool good = file_read(path, TABLE_LIMIT, &table->content);
    if (!good) {
        report_error("cannot read prices '%s': %s", path, strerror(errno));
    } else {
        struct span whole = {text_string(&table->content), table->content.length};
        good = json_check(whole, &table->object, &error);
        if (!good)
            report_error("prices '%s': not JSON: %s at byte %zu", path, error.reason, error.offset + 1);
        else if (!(good = json_member(table->object, "default", &fallback)))
            report_error("prices '%s': not a price table: no member 'default'", path);
    }
    text_release(&shared);
    if (!good)
        price_table_release(table);
    return good;
}

void price_table_release(struct price_table *table) {
    text_release(&table->content);
    table->object = (struct span){NULL, 0};
}

static bool read_price(struct span place, const char *architecture, struct price *price) {
    struct span entry, gb_second, request, currency;
    if (!json_member(place, architecture, &entry) || !json_member(entry, "gbSecond", &gb_second) ||
        json_type(gb_second) != JSON_NUMBER)
        return false;
    price->gb_second = json_number(gb_second);
    if (json_member(entry, "request", &request) && json_type(request) == JSON_NUMBER)
        price->request = json_number(request);
    if (json_member(place, "currency", &currency) && json_type(currency) == JSON_STRING) {
        struct text name = TEXT_INIT;
        json_decode_string(currency, &name);
        snprintf(price->currency, sizeof price->currency, "%s", text_string(&name));
        text_release(&name);
    }
    return price->gb_second >= 0;
}

bool price_find(const struct price_table *table, const char *region, const char *architecture,
                struct price *price) {
    struct span fallback, regions, place;
    *price = (struct price){.currency = "USD"};
    bool known = json_member(table->object, "default", &fallback) &&
                 (read_price(fallback, architecture, price) || read_price(fallback, "x86_64", price));
    if (!known) {
        report_error("the price table has no default price for '%s'", architecture);
        return false;
    }
    struct span entry;
    price->assumed = !json_member(fallback, architecture, &entry);
    if (!region || !*region)
        return true;
    if (!json_member(table->object, "regions", &regions) || !json_member(regions, region, &place) ||
        !read_price(place, architecture, price))
        price->assumed = true;
    return true;
}

bool price_choose(const char *path, const char *region, const char *architecture, struct price *price) {
    struct price_table table;
    if (!price_table_open(&table, path))
        return false;
    bool found = price_find(&table, region, architecture, price);
    price_table_release(&table);
    if (found && price->assumed)
        report_warning("no price for region '%s' and architecture '%s': the default price is used", region,
                       architecture);
    return found;
}

double price_of(const struct price *price, double megabyte_milliseconds) {
    return megabyte_milliseconds * (price->gb_second / 1024 / 1000);
}
