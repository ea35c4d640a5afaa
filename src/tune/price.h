/* What Lambda charges: a table of GB-second and request prices by region and architecture.
 *
 * A table is a JSON object
 * {"source","date","default":{"currency","x86_64":{"gbSecond","request"},"arm64":{...}},
 * "regions":{REGION:{"currency"?,"x86_64"?,"arm64"?}}}. What a region does not say it takes from "default".
 */
#ifndef TUNE_PRICE_H
#define TUNE_PRICE_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct price_table {
    struct text content; /* owned; the span below points into it */
    struct span object;
};

struct price {
    double gb_second; /* of 1024 MB for one second, in `currency` */
    double request;   /* of one request */
    char currency[8]; /* "USD", "CNY" */
    bool assumed;     /* the region or architecture is not in the table: this is the default's price */
};

/* Reads the table in the file `path`; NULL is the table that came with this toolkit. False, with the reason
 * reported, when it cannot be read or is none. price_table_release frees it. */
bool price_table_open(struct price_table *table, const char *path);
void price_table_release(struct price_table *table);

/* The price in `region` ("" or NULL: the default's, and nothing is assumed) for `architecture` ("x86_64",
 * "arm64"). False when the table has not even a default for it: it is then no good table, and that is
 * reported. */
bool price_find(const struct price_table *table, const char *region, const char *architecture,
                struct price *price);

/* All of it at once: the price from the table in `path` (NULL: the one of this toolkit), with a warning when
 * it is assumed. False when there is no table or no price; that was reported. */
bool price_choose(const char *path, const char *region, const char *architecture, struct price *price);

/* The price of `megabyte_milliseconds` (memory in MB times billed ms; a GB is 1024 MB). Sizes that used the
 * same product cost exactly the same. */
double price_of(const struct price *price, double megabyte_milliseconds);

#endif
