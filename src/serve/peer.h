/* Whose a connection over loopback is. */
#ifndef SERVE_PEER_H
#define SERVE_PEER_H

#include <stdbool.h>

/* True when the other end of the accepted connection `fd` (127.0.0.1, TCP) is held by a process of this
 * program's own user. The kernel is asked by NETLINK_SOCK_DIAG, which tells what /proc/net/tcp shows, of one
 * connection. False when it cannot tell, and when the other end is closed already: who that was nobody
 * knows. */
bool peer_is_own_user(int fd);

/* True when the kernel can tell, found by a connection of this program with itself. */
bool peer_can_be_told(void);

#endif
