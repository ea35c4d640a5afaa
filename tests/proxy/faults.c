#include "proxy/faults.h"

#include "util/memory.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const action_names[ACTION_COUNT] = {"before", "delay",  "reset", "answer", "header",
                                                       "body",   "twice",  "after", "hold",   "lose",
                                                       "cut",    "length", "slow",  "deaf"};

const char *action_name(enum action action) {
    return action_names[action];
}

static bool read_action(const char *text, struct fault *fault) {
    size_t length = strcspn(text, "=");
    for (int i = 0; i < ACTION_COUNT; i++)
        if (strlen(action_names[i]) == length && strncmp(action_names[i], text, length) == 0) {
            fault->action = (enum action)i;
            fault->argument = text + length + (text[length] == '=');
            fault->number = strtol(fault->argument, NULL, 10);
            return true;
        }
    return false;
}

bool faults_add(struct faults *faults, const char *text) {
    struct fault fault = {.first = 1, .last = LONG_MAX};
    size_t length = strcspn(text, " "), class = strcspn(text, ":");
    if (!text[length] || !read_action(text + length + 1, &fault))
        return false;
    if (class < length) {
        snprintf(fault.class, sizeof fault.class, "%.*s", (int)class, text);
        text += class + 1;
    }
    if (*text != '*') {
        char *end;
        fault.first = strtol(text, &end, 10);
        fault.last = *end == '-' ? LONG_MAX : fault.first;
        if (end == text || fault.first < 1)
            return false;
    }
    faults->list = memory_resize(faults->list, faults->count + 1, sizeof *faults->list);
    faults->list[faults->count++] = fault;
    return true;
}

const struct fault *faults_find(const struct faults *faults, const struct call *call, enum action action) {
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->list[i];
        long number = *fault->class ? call->class_number : call->number;
        if (fault->action == action && (!*fault->class || strcmp(fault->class, call->class) == 0) &&
            number >= fault->first && number <= fault->last)
            return fault;
    }
    return NULL;
}

/* ---- requests ---- */

/* Classes of requests, by method and the path after the function's name. */
static const struct {
    const char *class, *method, *rest;
} classes[] = {{"get", "GET", ""},
               {"get", "GET", "/configuration"},
               {"update", "PUT", "/configuration"},
               {"list", "GET", "/versions"},
               {"publish", "POST", "/versions"},
               {"delete", "DELETE", ""},
               {"invoke", "POST", "/invocations"},
               {"aliases", "GET", "/aliases"},
               {"alias", "POST", "/aliases"},
               {"alias-get", "GET", "/aliases/"},
               {"alias", "PUT", "/aliases/"},
               {"other", NULL, ""}};

enum { CLASSES = sizeof classes / sizeof *classes };

/* The path after the function's name; NULL for other paths. */
static const char *rest_of_path(const char *path) {
    const char *name = strstr(path, "/functions/");
    return name ? name + strlen("/functions/") + strcspn(name + strlen("/functions/"), "/") : NULL;
}

static size_t classify(const struct call *call) {
    const char *rest = rest_of_path(call->path);
    size_t i = 0;
    for (; rest && classes[i].method; i++) {
        bool prefix = strcmp(classes[i].rest, "/aliases/") == 0;
        if (strcmp(call->method, classes[i].method) == 0 &&
            (prefix ? strncmp(rest, classes[i].rest, strlen(classes[i].rest)) == 0
                    : strcmp(rest, classes[i].rest) == 0))
            return i;
    }
    return CLASSES - 1;
}

void call_count(struct counts *counts, const struct message *request, struct call *call) {
    char target[2048] = "";
    sscanf(request->bytes.bytes, "%15s %2047s", call->method, target);
    size_t path = strcspn(target, "?");
    snprintf(call->path, sizeof call->path, "%.*s", (int)path, target);
    snprintf(call->query, sizeof call->query, "%s", target[path] ? target + path + 1 : "");
    call->class = classes[classify(call)].class;
    call->number = ++counts->all;
    for (size_t i = 0; i < CLASSES; i++)
        if (strcmp(classes[i].class, call->class) == 0) {
            call->class_number = ++counts->of[i];
            break;
        }
}
