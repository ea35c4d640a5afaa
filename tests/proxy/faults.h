/* Which faults the proxy has been asked for, and the numbers of calls that they are chosen by. */
#ifndef PROXY_FAULTS_H
#define PROXY_FAULTS_H

#include "proxy/message.h"

#include <stdbool.h>
#include <stddef.h>

/* What may be done to a call. */
enum action {
    ACTION_BEFORE,   /* run a command before passing it on */
    ACTION_DELAY,    /* wait before passing it on */
    ACTION_RESET,    /* reset the connection in place of passing it on */
    ACTION_RESPONSE, /* answer in place of the server */
    ACTION_HEADER,   /* ... with this header field */
    ACTION_BODY,     /* ... with this body */
    ACTION_TWICE,    /* pass it on twice; the first answer counts */
    ACTION_AFTER,    /* run a command when the server has answered, before the client gets the answer */
    ACTION_HOLD,     /* wait likewise */
    ACTION_LOSE,     /* reset the connection in place of the answer */
    ACTION_CUT,      /* close it in the middle of the answer's body */
    ACTION_LENGTH,   /* make the answer's Content-Length wrong */
    ACTION_SLOW,     /* give the answer's head byte by byte */
    ACTION_DEAF,     /* accept no further connection for a while, or for ever */
    ACTION_COUNT
};

struct fault {
    char class[16]; /* "": any */
    long first, last;
    enum action action;
    const char *argument; /* "" for none */
    long number;          /* of the argument, when it is one */
};

struct faults {
    struct fault *list;
    size_t count;
};

/* Reads "CALLS ACTION[=ARGUMENT]"; false when it is none. `text` must outlive the faults. */
bool faults_add(struct faults *faults, const char *text);

/* The calls so far, all and of each class. */
struct counts {
    long all;
    long of[16];
};

/* A call and its numbers, from 1. */
struct call {
    char method[16], path[1024], query[1024];
    const char *class;
    long number, class_number;
};

/* Gives a request its numbers. */
void call_count(struct counts *counts, const struct message *request, struct call *call);

/* The fault of this action for the call; NULL when there is none. */
const struct fault *faults_find(const struct faults *faults, const struct call *call, enum action action);

/* The name of an action, as it is asked for. */
const char *action_name(enum action action);

#endif
