/* What the console answers by running a program of the toolkit and waiting for it. */
#ifndef CONSOLE_QUERIES_H
#define CONSOLE_QUERIES_H

#include "console/console.h"
#include "console/start-run.h"

/* Where something is to take place, as a request's query says. */
struct place {
    struct launch_place launch;
    struct text local, region, profile, endpoint_url;
};

/* NULL, or why that cannot be: a local function must be one of the list. Released either way. */
const char *place_read(const struct console *console, struct httpd_request *request, struct place *place);
void place_release(struct place *place);

/* The handlers; `rest` is not used. {"status":N,"command":S,"output":S,"messages":S} */
void ask_functions(struct console *console, struct httpd_request *request, struct span rest);
void ask_check(struct console *console, struct httpd_request *request, struct span rest);

/* {"address":S,"command":S}: where the report of ?runs=A,B is; and the report itself, `runs` as they were
 * signed. */
void ask_address(struct console *console, struct httpd_request *request, struct span rest);
void ask_report(struct console *console, struct httpd_request *request, struct span runs);

#endif
