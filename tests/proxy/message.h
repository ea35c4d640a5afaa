/* HTTP/1.1 messages as bytes: read completely from a socket, and forwarded unchanged. */
#ifndef PROXY_MESSAGE_H
#define PROXY_MESSAGE_H

#include "util/text.h"

#include <stdbool.h>
#include <stddef.h>

struct message {
    struct text bytes;
    size_t head; /* length of the head, including the empty line at its end */
};

/* Reads one message. Content-Length gives the length of its body; without it a request has no body, and a
 * response ends with the connection. False when the connection ends before the message does. */
bool message_read(int fd, struct message *message, bool is_response);

void message_release(struct message *message);

/* The status of a response. */
int message_status(const struct message *message);

/* Increases the Content-Length by `difference`, without changing the body. */
void message_misstate_length(struct message *message, long difference);

/* Sends `length` bytes; false when the other side is gone. */
bool socket_send(int fd, const char *bytes, size_t length);

/* Closes the connection; with `reset` the other side gets an error instead of an end of file. */
void socket_close(int fd, bool reset);

#endif
