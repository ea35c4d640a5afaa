#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H

/* A socket that listens on 127.0.0.1 at `port`, 0 for a free one; it does not block and is closed on exec. -1
 * with errno when there is none. */
int listen_on_loopback(int port);

#endif
