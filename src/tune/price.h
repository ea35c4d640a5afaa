/* Lambda's prices: a table of prices per GB-second and per request, by region and architecture.
 *
 * A table is a JSON object:
 *
 *     {"source","date",
 *      "default":{"currency","x86_64":{"gbSecond","request"},"arm64":{...}},
 *      "regions":{REGION:{"currency"?,"x86_64"?,"arm64"?}}}
 *
 * Members that a region lacks come from "default". */
#ifndef TUNE_PRICE_H
#define TUNE_PRICE_H

#include "util/span.h"
#include "util/text.h"

#include <stdbool.h>

struct price_table {
    struct text content; /* owned; the span below points into it */
    struct span object;
};

/* The processor architectures that have prices. */
#define ARCHITECTURES "x86_64|arm64"

struct price {
    double gb_second; /* for 1024 MB during one second, in `currency` */
    double request;   /* for one request, in `currency` */
    char currency[8]; /* "USD", "CNY" */
    bool assumed;     /* not in the table for this region or architecture: the default price */
};

/* Reads the price table from the file `path`; NULL means the toolkit's own table. False when it cannot be
 * read or is not a price table, which is reported. Free it with price_table_release. */
bool price_table_open(struct price_table *table, const char *path);
void price_table_release(struct price_table *table);

/* Finds the price in `region` for `architecture` ("x86_64", "arm64"). Without a region ("" or NULL) it is the
 * default price, and does not count as assumed. False when the table does not even have a default price for
 * the architecture, which is reported. */
bool price_find(const struct price_table *table, const char *region, const char *architecture,
                struct price *price);

/* price_table_open and price_find in one call, with a warning when the price is assumed. False when there is
 * no table or no price, which is reported. */
bool price_choose(const char *path, const char *region, const char *architecture, struct price *price);

/* The price of `megabyte_milliseconds`: memory in MB times billed ms (1 GB is 1024 MB). Equal products cost
 * exactly the same. */
double price_of(const struct price *price, double megabyte_milliseconds);

#endif
