/* The state of one running pt-local: its settings and its parts. Every module gets it as its context; no
 * module has state at file scope. */
#ifndef LOCAL_SERVER_H
#define LOCAL_SERVER_H

#include "local/api/keys.h"
#include "local/sandbox/sandbox.h"
#include "local/store/store.h"
#include "serve/event-loop.h"
#include "serve/httpd.h"

/* The largest payload of an invocation, request or response, in bytes. */
enum { PAYLOAD_LIMIT = 6 * 1024 * 1024 };

struct sandboxes;
struct admission_queue;
struct instance;

struct settings {
    pid_t owner; /* the process that the user started; part of the names of folders and control groups */
    int port;
    const char *region, *account;
    int memory_mb, timeout_s; /* initial settings of functions */
    const char *architecture;
    int max_memory_mb; /* quota of the account */
    int concurrency;   /* quota of the account: concurrent invocations */
    int update_delay_ms, publish_delay_ms, cold_start_delay_ms;
    int init_timeout_ms, request_timeout_s;
    int retry_delay_ms;  /* before the first retry of a failed event */
    int code_storage_mb; /* quota of the account, over all versions */
    enum cpu_mode cpu;
    const char *record;  /* path of the request log; NULL: none */
    const char **passed; /* names of the environment variables that functions inherit */
    size_t passed_count;
    bool verify;
    struct keys keys;   /* that requests must be signed with */
    const char **hosts; /* names accepted as Host, in addition to the loopback names */
    size_t host_count;
};

struct server {
    struct settings settings;
    struct loop *loop;
    struct httpd_server *api, *runtime;
    struct store store;
    struct sandboxes *sandboxes;
    struct admission_queue *admission;
    struct instance *instance;
    struct isolation isolation; /* of environments */
    int record;                 /* descriptor of the request log; -1: none */
    unsigned long long request_count;
    long running; /* invocations accepted and not finished */
    struct environment *environments;
    struct event *events; /* accepted events that are not finished */
    struct watch signals;
    int ended_by; /* number of the signal that ended the server; 0: none */
};

#endif
