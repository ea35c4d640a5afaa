/* The faults that the proxy injects, and the numbers of requests that select them. */
#ifndef PROXY_FAULTS_H
#define PROXY_FAULTS_H

#include "proxy/message.h"

#include <stdbool.h>
#include <stddef.h>

/* What a fault does to a request. */
enum action {
    ACTION_BEFORE,   /* run a command before forwarding it */
    ACTION_DELAY,    /* wait before forwarding it */
    ACTION_RESET,    /* reset the connection instead of forwarding it */
    ACTION_RESPONSE, /* respond instead of the server */
    ACTION_HEADER,   /* ... with this header field */
    ACTION_BODY,     /* ... with this body */
    ACTION_TWICE,    /* forward it twice; the client gets the first response */
    ACTION_AFTER,    /* run a command after the server has responded, before the client gets the response */
    ACTION_HOLD,     /* wait after the server has responded */
    ACTION_LOSE,     /* reset the connection instead of sending the response */
    ACTION_CUT,      /* close the connection in the middle of the response body */
    ACTION_LENGTH,   /* send a wrong Content-Length */
    ACTION_SLOW,     /* send the head of the response byte by byte */
    ACTION_DEAF,     /* accept no connection for a while, or for ever */
    ACTION_COUNT
};

struct fault {
    char class[16]; /* "": any class */
    long first, last;
    enum action action;
    const char *argument; /* "" for none */
    long number;          /* the argument as a number, if it is one */
};

struct faults {
    struct fault *list;
    size_t count;
};

/* Parses "CALLS ACTION[=ARGUMENT]"; false when it is invalid. `text` must outlive the faults. */
bool faults_add(struct faults *faults, const char *text);

/* The number of requests so far, in total and of each class. */
struct counts {
    long all;
    long of[16];
};

/* A request and its numbers, from 1. */
struct call {
    char method[16], path[1024], query[1024];
    const char *class;
    long number, class_number;
};

/* Classifies and numbers a request. */
void call_count(struct counts *counts, const struct message *request, struct call *call);

/* The fault with this action for the request; NULL when there is none. */
const struct fault *faults_find(const struct faults *faults, const struct call *call, enum action action);

/* The name of an action, as in --fault. */
const char *action_name(enum action action);

#endif
