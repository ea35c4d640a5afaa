/* Determines which user has opened a connection over loopback. */
#ifndef SERVE_PEER_H
#define SERVE_PEER_H

#include <stdbool.h>

/* True when the other end of the accepted connection `fd` (127.0.0.1, TCP) belongs to a process of this
 * program's own user. Queries the kernel by NETLINK_SOCK_DIAG, which reports what /proc/net/tcp shows, for
 * one connection. False when the kernel does not report it, and when the other end is already closed and
 * its user unknown. */
bool peer_is_own_user(int fd);

/* True when the kernel reports it; tries a connection of this program with itself. */
bool peer_can_be_determined(void);

#endif
