/* What one running pt-local is made of. Every module takes it as its context; none has state of its own at
 * file scope. */
#ifndef LOCAL_SERVER_H
#define LOCAL_SERVER_H

#include "local/api/keys.h"
#include "local/sandbox/private-tmp.h"
#include "local/sandbox/sandbox.h"
#include "local/sandbox/task-folder.h"
#include "local/store/store.h"
#include "serve/event-loop.h"
#include "serve/httpd.h"

/* The largest payload of an invocation, either way. */
enum { PAYLOAD_LIMIT = 6 * 1024 * 1024 };

struct sandboxes;
struct admission_queue;
struct instance;

struct settings {
    pid_t owner; /* the process that the user started: the names of folders and control groups tell it */
    int port;
    const char *region, *account;
    int memory_mb, timeout_s; /* of functions at the start */
    const char *architecture;
    int max_memory_mb; /* the account's quota */
    int concurrency;   /* the account's quota of invocations at once */
    int update_delay_ms, publish_delay_ms, cold_start_delay_ms;
    int init_timeout_ms, request_timeout_s;
    int retry_delay_ms;  /* before a failed event is tried again for the first time */
    int code_storage_mb; /* the account's quota, of all versions together */
    enum cpu_mode cpu;
    const char *record;  /* path of the file that requests are noted in, or NULL */
    const char **passed; /* names of variables that functions get from pt-local's environment */
    size_t passed_count;
    bool verify;
    struct keys keys;   /* of those who may use it */
    const char **hosts; /* names by which it may be asked, beside those of loopback */
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
    enum private_tmp_mechanism tmp_mechanism;
    enum task_folder_mechanism task_mechanism;
    bool own_pids; /* environments have PID namespaces */
    int record;    /* descriptor, or -1 */
    unsigned long long request_count;
    long running; /* invocations that were accepted and have not ended */
    struct environment *environments;
    struct event *events; /* that are accepted and have not been done */
    struct watch signals;
    int ended_by; /* the signal */
};

#endif
