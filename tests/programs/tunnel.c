/* A tunnel between a program and a server of the tests: an HTTPS proxy, a TLS endpoint, or an IPv6
 * address. It forwards bytes without looking at them.
 *
 *     tunnel --to http://127.0.0.1:PORT --log FILE [--connect] [--ipv6]
 *            [--certificate FILE --key FILE [--tls VERSION]] [--hang-up N]
 *
 * Prints its address on a line and runs until it is ended. Logs each connection as a line "open" in FILE,
 * followed by lines about its events.
 *
 * --connect: act as a proxy. Each connection begins with a CONNECT request, which is logged; the
 * connection leads to --to, whatever the request names. With a certificate it uses TLS, at most VERSION
 * (1.1, 1.2, 1.3), and logs the version and the server name of the client, or "refused". --hang-up: close
 * a connection when its client sends for the N-th time, without forwarding that. */
#include "util/diagnostics.h"
#include "util/memory.h"
#include "util/options.h"
#include "util/text.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct tunnel {
    struct sockaddr_in to;
    SSL_CTX *tls; /* NULL: no TLS */
    const char *certificate, *key;
    int version; /* highest version of TLS; 0: any */
    int log, listener;
    bool is_proxy, ipv6;
    long long hang_up; /* 0: never */
};

/* One side of a connection. */
struct end {
    int fd;
    SSL *ssl;
};

struct connection {
    const struct tunnel *tunnel;
    struct end client, server;
};

static void write_log(const struct tunnel *tunnel, const char *what, const char *name) {
    struct text line = TEXT_INIT;
    text_append_format(&line, "%s%s%s\n", what, *name ? " " : "", name);
    if (tunnel->log >= 0 && write(tunnel->log, line.bytes, line.length) < 0)
        report_error("cannot write the log");
    text_release(&line);
}

/* ---- bytes ---- */

static ssize_t end_read(const struct end *end, char *bytes, size_t size) {
    return end->ssl ? SSL_read(end->ssl, bytes, (int)size) : read(end->fd, bytes, size);
}

static bool end_write(const struct end *end, const char *bytes, size_t length) {
    while (length) {
        ssize_t written =
            end->ssl ? SSL_write(end->ssl, bytes, (int)length) : send(end->fd, bytes, length, MSG_NOSIGNAL);
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

static bool pass(const struct end *from, const struct end *to) {
    char buffer[16384]; /* the size of a TLS record, so that SSL_read leaves nothing buffered */
    ssize_t length = end_read(from, buffer, sizeof buffer);
    return length > 0 && end_write(to, buffer, (size_t)length);
}

/* Forwards in both directions until one side ends. */
static void pass_on(const struct connection *connection) {
    struct pollfd polled[] = {{connection->client.fd, POLLIN, 0}, {connection->server.fd, POLLIN, 0}};
    long long said = 0;
    bool open = true;
    while (open && poll(polled, 2, -1) > 0) {
        if (polled[0].revents && connection->tunnel->hang_up && ++said == connection->tunnel->hang_up) {
            /* Read the rest, or closing would reset the connection. */
            char dropped[16384];
            ssize_t ignored = end_read(&connection->client, dropped, sizeof dropped);
            (void)ignored;
            write_log(connection->tunnel, "hung up", "");
            break;
        }
        if (polled[0].revents)
            open = pass(&connection->client, &connection->server);
        if (open && polled[1].revents)
            open = pass(&connection->server, &connection->client);
    }
}

/* ---- start of a connection ---- */

static bool begin_proxy(const struct connection *connection) {
    static const char response[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    char head[4096];
    size_t length = 0;
    while (length < sizeof head - 1) {
        if (read(connection->client.fd, head + length, 1) != 1)
            return false;
        head[++length] = '\0';
        if (length >= 4 && memcmp(head + length - 4, "\r\n\r\n", 4) == 0)
            break;
    }
    head[strcspn(head, "\r")] = '\0';
    char *version = strstr(head, " HTTP/");
    if (version)
        *version = '\0';
    write_log(connection->tunnel, head, "");
    return strncmp(head, "CONNECT ", 8) == 0 &&
           end_write(&(struct end){connection->client.fd, NULL}, response, sizeof response - 1);
}

static bool begin_tls(struct connection *connection) {
    SSL *ssl = SSL_new(connection->tunnel->tls);
    connection->client.ssl = ssl;
    if (!ssl || SSL_set_fd(ssl, connection->client.fd) != 1 || SSL_accept(ssl) != 1) {
        write_log(connection->tunnel, "refused", "");
        return false;
    }
    const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    write_log(connection->tunnel, SSL_get_version(ssl), name ? name : "");
    return true;
}

static void *serve(void *argument) {
    struct connection *connection = argument;
    const struct tunnel *tunnel = connection->tunnel;
    write_log(tunnel, "open", "");
    if ((!tunnel->is_proxy || begin_proxy(connection)) && (!tunnel->tls || begin_tls(connection))) {
        connection->server.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(connection->server.fd, (const struct sockaddr *)&tunnel->to, sizeof tunnel->to) == 0)
            pass_on(connection);
        close(connection->server.fd);
    }
    if (connection->client.ssl)
        SSL_shutdown(connection->client.ssl);
    SSL_free(connection->client.ssl);
    close(connection->client.fd);
    free(connection);
    return NULL;
}

/* ---- listening ---- */

static bool open_tls(struct tunnel *tunnel) {
    tunnel->tls = SSL_CTX_new(TLS_server_method());
    if (!tunnel->tls)
        return false;
    /* Otherwise OpenSSL would refuse the old versions that the client must refuse. */
    SSL_CTX_set_security_level(tunnel->tls, 0);
    return SSL_CTX_set_min_proto_version(tunnel->tls, TLS1_VERSION) == 1 &&
           SSL_CTX_set_max_proto_version(tunnel->tls, tunnel->version) == 1 &&
           SSL_CTX_use_certificate_chain_file(tunnel->tls, tunnel->certificate) == 1 &&
           SSL_CTX_use_PrivateKey_file(tunnel->tls, tunnel->key, SSL_FILETYPE_PEM) == 1;
}

static unsigned start_listening(struct tunnel *tunnel) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *address = tunnel->ipv6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in;
    socklen_t size = tunnel->ipv6 ? sizeof in6 : sizeof in;
    tunnel->listener = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (tunnel->listener < 0 || bind(tunnel->listener, address, size) != 0 ||
        listen(tunnel->listener, 1024) != 0 || getsockname(tunnel->listener, address, &size) != 0)
        return 0;
    return ntohs(tunnel->ipv6 ? in6.sin6_port : in.sin_port);
}

static void take_version(const struct option_row *row, char *name) {
    static const struct {
        const char *name;
        int version;
    } versions[] = {{"1.1", TLS1_1_VERSION}, {"1.2", TLS1_2_VERSION}, {"1.3", TLS1_3_VERSION}};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        if (strcmp(versions[i].name, name) == 0) {
            *(int *)row->target.any = versions[i].version;
            return;
        }
    option_refuse(row, "'%s' is not 1.1, 1.2 or 1.3", name);
}

static void take_port(const struct option_row *row, char *url) {
    char *port = strrchr(url, ':');
    *(in_port_t *)row->target.any = htons((uint16_t)option_whole_number(row, port ? port + 1 : "", 1, 65535));
}

static void take_log(const struct option_row *row, char *path) {
    *(int *)row->target.any = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void parse(int argc, char **argv, struct tunnel *tunnel) {
    static const struct program program = {"tunnel", "see tests/programs/tunnel.c\n", "", 0};
    const struct option_row rows[] = {
        OPTION_CALL("to", "URL", take_port, &tunnel->to.sin_port, ""),
        OPTION_CALL("log", "FILE", take_log, &tunnel->log, ""),
        OPTION_FLAG("connect", &tunnel->is_proxy, ""),
        OPTION_FLAG("ipv6", &tunnel->ipv6, ""),
        OPTION_CALL("tls", "VERSION", take_version, &tunnel->version, ""),
        OPTION_STRING("certificate", "FILE", &tunnel->certificate, ""),
        OPTION_STRING("key", "FILE", &tunnel->key, ""),
        OPTION_WHOLE("hang-up", "BYTES", &tunnel->hang_up, 1, 1000000, ""),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
}

static void accept_one(const struct tunnel *tunnel) {
    pthread_t thread;
    int fd = accept4(tunnel->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    struct connection *connection = memory_zeroed(1, sizeof *connection);
    *connection = (struct connection){tunnel, {fd, NULL}, {-1, NULL}};
    if (pthread_create(&thread, NULL, serve, connection) == 0) {
        pthread_detach(thread);
    } else {
        close(fd);
        free(connection);
    }
}

int main(int argc, char **argv) {
    struct tunnel tunnel = {
        .to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}, .log = -1, .listener = -1};
    diagnostics_program("tunnel");
    signal(SIGPIPE, SIG_IGN);
    parse(argc, argv, &tunnel);
    if (tunnel.certificate && !open_tls(&tunnel)) {
        report_error("cannot speak TLS with '%s' and '%s'", tunnel.certificate, tunnel.key);
        return STATUS_FAILED;
    }
    unsigned port = start_listening(&tunnel);
    if (!port) {
        report_error("cannot listen");
        return STATUS_FAILED;
    }
    printf("%s://%s:%u\n", tunnel.tls && !tunnel.is_proxy ? "https" : "http",
           tunnel.ipv6 ? "[::1]" : "127.0.0.1", port);
    fflush(stdout);
    for (;;)
        accept_one(&tunnel);
}
