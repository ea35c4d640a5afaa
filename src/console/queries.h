/* Requests that the console serves by running a program of the toolkit and waiting for it. */
#ifndef CONSOLE_QUERIES_H
#define CONSOLE_QUERIES_H

#include "console/console.h"
#include "console/start-run.h"

/* Where a command is to run, according to the query of a request. */
struct place {
    struct launch_place launch;
    struct text local, region, profile, endpoint_url;
};

/* Reads the place. Returns NULL, or the reason why it is not valid: a local function must be one of the
 * list. The caller releases the place either way. */
const char *place_read(const struct console *console, struct httpd_request *request, struct place *place);
void place_release(struct place *place);

/* Handlers; `rest` is not used. The response is {"status":N,"command":S,"output":S,"messages":S}. */
void query_functions(struct console *console, struct httpd_request *request, struct span rest);
void query_check(struct console *console, struct httpd_request *request, struct span rest);

/* query_report_address responds with the address of the report of ?runs=A,B: {"address":S,"command":S}.
 * query_report responds with the report itself; `runs` is the signed part of that address. */
void query_report_address(struct console *console, struct httpd_request *request, struct span rest);
void query_report(struct console *console, struct httpd_request *request, struct span runs);

#endif
