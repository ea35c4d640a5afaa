/* The requests that the console serves.
 *
 *     GET  /SECRET/                        the page, console.css, console.js
 *     GET  /SECRET/api/setup               version, folder of the runs, defaults, local functions
 *     GET  /SECRET/api/functions           functions of the account, from pt-init --list-functions
 *     POST /SECRET/api/check               checks the input in the body with pt-init --syntax
 *     POST /SECRET/api/runs                starts a run with the input in the body
 *     GET  /SECRET/api/runs                the list of runs
 *     GET  /SECRET/api/runs/NAME/FILE      a file of a run, at most 1 MiB from ?offset=
 *     POST /SECRET/api/runs/NAME/stop      stops the run; also recover, resume
 *     GET  /SECRET/api/events?run=NAME     events (console/follow.h)
 *     POST /SECRET/api/report?runs=A,B     the address of a report of these runs
 *     GET  /view/A,B/SIGNATURE             the report, from pt-report
 *
 * ?local=, ?region=, ?profile= and ?endpoint-url= select the place of a run. Responses are JSON; errors are
 * {"error":S}. */
#ifndef CONSOLE_ROUTES_H
#define CONSOLE_ROUTES_H

#include "console/console.h"

/* The options of the console's HTTP server. */
struct httpd_options api_options(struct console *console);

#endif
