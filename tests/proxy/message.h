/* HTTP/1.1 messages as bytes: read whole from a socket, and passed on as they came. */
#ifndef PROXY_MESSAGE_H
#define PROXY_MESSAGE_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

struct message {
    struct text bytes;
    size_t head; /* how many of them are the head, with the empty line at its end */
};

/* Reads one message. Its body is as long as Content-Length says; without that a request has none, and an
 * answer goes on to the end of the connection. False when the connection ends before the message does. */
bool message_read(int fd, struct message *message, bool is_response);

void message_release(struct message *message);

/* The status of an answer. */
int message_status(const struct message *message);

/* Makes Content-Length say `difference` more than is true. */
void message_misstate_length(struct message *message, long difference);

/* Sends `length` bytes; false when the other side is gone. */
bool socket_send(int fd, const char *bytes, size_t length);

/* Closes the connection; `reset`: so that the other side meets an error, not an end. */
void socket_close(int fd, bool reset);

#endif
