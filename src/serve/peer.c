#include "serve/peer.h"

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

struct query {
    struct nlmsghdr header;
    struct inet_diag_req_v2 request;
};

struct response {
    struct nlmsghdr header;
    struct inet_diag_msg socket;
    char attributes[1024];
};

/* Asks for the socket at the other end of `fd`. */
static bool ask(int fd, int netlink) {
    struct sockaddr_in here, there;
    socklen_t here_length = sizeof here, there_length = sizeof there;
    if (getsockname(fd, (struct sockaddr *)&here, &here_length) != 0 ||
        getpeername(fd, (struct sockaddr *)&there, &there_length) != 0 || there.sin_family != AF_INET)
        return false;
    struct query query = {.header = {.nlmsg_len = sizeof query,
                                     .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                                     .nlmsg_flags = NLM_F_REQUEST},
                          .request = {.sdiag_family = AF_INET,
                                      .sdiag_protocol = IPPROTO_TCP,
                                      .idiag_states = ~0U,
                                      .id = {.idiag_sport = there.sin_port,
                                             .idiag_dport = here.sin_port,
                                             .idiag_src = {there.sin_addr.s_addr},
                                             .idiag_dst = {here.sin_addr.s_addr},
                                             .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}}}};
    return send(netlink, &query, sizeof query, 0) == (ssize_t)sizeof query;
}

bool peer_is_own_user(int fd) {
    struct response response;
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0)
        return false;
    ssize_t got = ask(fd, netlink) ? recv(netlink, &response, sizeof response, 0) : -1;
    close(netlink);
    /* A socket that no process has open any more has no inode, and is reported as root's. */
    return got >= (ssize_t)(sizeof response.header + sizeof response.socket) &&
           response.header.nlmsg_type == SOCK_DIAG_BY_FAMILY && response.socket.idiag_inode &&
           response.socket.idiag_uid == geteuid();
}

bool peer_can_be_determined(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), accepted = -1;
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected =
        listener >= 0 && client >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0 &&
        listen(listener, 1) == 0 && getsockname(listener, (struct sockaddr *)&address, &length) == 0 &&
        connect(client, (struct sockaddr *)&address, sizeof address) == 0 &&
        (accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;
    bool known = connected && peer_is_own_user(accepted);
    const int fds[] = {listener, client, accepted};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    return known;
}
