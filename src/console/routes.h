/* What the page asks for, and the page itself.
 *
 *     GET  /SECRET/                        the page, console.css, console.js
 *     GET  /SECRET/api/setup               version, folder of the runs, options, local functions
 *     GET  /SECRET/api/functions           the account's functions, from pt-init --list-functions
 *     POST /SECRET/api/check               whether the input in the body is good, from pt-init --syntax
 *     POST /SECRET/api/runs                starts a run with the input in the body
 *     GET  /SECRET/api/runs                the list of runs
 *     GET  /SECRET/api/runs/NAME/FILE      a file of a run, at most 1 MiB from ?offset=
 *     POST /SECRET/api/runs/NAME/stop      also recover, resume
 *     GET  /SECRET/api/events?run=NAME     events (console/follow.h)
 *     POST /SECRET/api/report?runs=A,B     the address of a report of these runs
 *     GET  /view/A,B/SIGNATURE             the report, from pt-report
 *
 * ?local=, ?region=, ?profile= and ?endpoint-url= say where. Answers are JSON; a refusal is {"error":S}. */
#ifndef CONSOLE_ROUTES_H
#define CONSOLE_ROUTES_H

#include "console/console.h"

struct httpd_options api_options(struct console *console);

#endif
