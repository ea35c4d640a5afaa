#ifndef SERVE_LISTEN_H
#define SERVE_LISTEN_H

/* Opens a non-blocking, close-on-exec socket that listens on 127.0.0.1 at `port`; 0: any free port.
 * Returns the descriptor, or -1 with errno. */
int listen_on_loopback(int port);

#endif
