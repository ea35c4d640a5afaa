/* The events of CloudWatch Logs that hold no report, which are most of a downloaded log: passed over whole.
 *
 *     {"logStreamName": S, "timestamp": N, "message": S, "ingestionTime": N, "eventId": S}
 *
 * as FilterLogEvents answers; GetLogEvents leaves the first and the last member out. Source: the API
 * reference of Amazon CloudWatch Logs, FilteredLogEvent and OutputLogEvent. */
#ifndef LOGPARSE_LOG_EVENT_H
#define LOGPARSE_LOG_EVENT_H

/* `at` is at an opening brace; returns where the event ends, behind its closing brace. NULL when it has other
 * members or another order, when its message may be a report, when it is not JSON, or not there whole: it is
 * then to be read like any object. Nothing but the speed depends on it. */
const char *log_event_pass(const char *at, const char *end);

#endif
