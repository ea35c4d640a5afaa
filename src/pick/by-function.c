#include "pick/by-function.h"

#include "util/json.h"
#include "util/memory.h"

#include <stdlib.h>

struct memory_sizes *functions_sizes(struct functions *functions, struct span object) {
    struct span name = {NULL, 0};
    if (json_member(object, "functionName", &name) && json_type(name) != JSON_STRING)
        name = (struct span){NULL, 0};
    for (size_t i = 0; i < functions->count; i++) {
        const char *other = functions->list[i].name;
        if (name.start && other ? span_equals(name, other) : !name.start && !other)
            return &functions->list[i].sizes;
    }
    functions->list =
        memory_reserve(functions->list, &functions->capacity, functions->count + 1, sizeof *functions->list);
    functions->list[functions->count] =
        (struct function){.name = name.start ? memory_copy(name.start, name.length) : NULL};
    return &functions->list[functions->count++].sizes;
}

void functions_close(struct functions *functions) {
    for (size_t i = 0; i < functions->count; i++) {
        free(functions->list[i].name);
        sizes_close(&functions->list[i].sizes);
    }
    free(functions->list);
    *functions = (struct functions){0};
}
