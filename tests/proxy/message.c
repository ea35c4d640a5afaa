#include "proxy/message.h"

#include "util/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BLOCK = 65536 };

void message_release(struct message *message) {
    text_release(&message->bytes);
    message->head = 0;
}

/* Returns 1 after reading some bytes, 0 at the end of the connection, -1 on an error. */
static int receive(int fd, struct text *bytes) {
    ssize_t length;
    do
        length = recv(fd, text_extend(bytes, BLOCK), BLOCK, 0);
    while (length < 0 && errno == EINTR);
    text_extended(bytes, length > 0 ? (size_t)length : 0);
    return length > 0 ? 1 : (int)length;
}

/* The value of a header field; NULL when the field is absent. */
static char *find_header(const struct message *message, const char *name) {
    size_t length = strlen(name);
    char *end = message->bytes.bytes + message->head;
    for (char *line = message->bytes.bytes; line && line < end;
         line = memchr(line, '\n', (size_t)(end - line))) {
        line += *line == '\n';
        if (line + length < end && strncasecmp(line, name, length) == 0 && line[length] == ':')
            return line + length + 1;
    }
    return NULL;
}

static bool is_without_body(const struct message *message) {
    int status = message_status(message);
    return status == 204 || status == 304;
}

bool message_read(int fd, struct message *message, bool is_response) {
    const char *end;
    message_release(message);
    while (!(end = memmem(text_string(&message->bytes), message->bytes.length, "\r\n\r\n", 4)))
        if (receive(fd, &message->bytes) <= 0)
            return false;
    message->head = (size_t)(end - message->bytes.bytes) + 4;
    const char *value = find_header(message, "Content-Length");
    bool to_the_end = !value && is_response && !is_without_body(message);
    size_t length = message->head + (value ? strtoul(value, NULL, 10) : 0);
    while (to_the_end || message->bytes.length < length) {
        int received = receive(fd, &message->bytes);
        if (received < 0 || (received == 0 && !to_the_end))
            return false;
        if (received == 0)
            break;
    }
    return true;
}

int message_status(const struct message *message) {
    const char *space = strchr(message->bytes.bytes, ' ');
    return space ? atoi(space + 1) : 0;
}

void message_misstate_length(struct message *message, long difference) {
    struct text changed = TEXT_INIT;
    char *value = find_header(message, "Content-Length"), *rest = NULL;
    if (!value)
        return;
    long length = strtol(value, &rest, 10) + difference;
    text_append(&changed, message->bytes.bytes, (size_t)(value - message->bytes.bytes));
    text_append_format(&changed, " %ld", length < 0 ? 0 : length);
    size_t head = changed.length + message->head - (size_t)(rest - message->bytes.bytes);
    text_append(&changed, rest, message->bytes.length - (size_t)(rest - message->bytes.bytes));
    message_release(message);
    *message = (struct message){changed, head};
}

bool socket_send(int fd, const char *bytes, size_t length) {
    while (length) {
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

void socket_close(int fd, bool reset) {
    struct linger linger = {1, 0};
    if (reset)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(fd);
}
