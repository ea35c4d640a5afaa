/* Skips events of CloudWatch Logs without a report, which are most of a downloaded log:
 *
 *     {"logStreamName": S, "timestamp": N, "message": S, "ingestionTime": N, "eventId": S}
 *
 * This is the form of FilterLogEvents; GetLogEvents leaves out the first and the last member. Source: Amazon
 * CloudWatch Logs API Reference, FilteredLogEvent and OutputLogEvent. */
#ifndef LOGPARSE_LOG_EVENT_H
#define LOGPARSE_LOG_EVENT_H

/* Skips the event whose opening brace is at `at`; returns the position after its closing brace. NULL when it
 * has other members or another order, when its message may contain a report, when it is incomplete or not
 * JSON: the caller then reads it as any other object. Only speed depends on this. */
const char *log_event_pass(const char *at, const char *end);

#endif
