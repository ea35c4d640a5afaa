#include "console/local-functions.h"

#include "local/store/runtimes.h"
#include "util/json.h"
#include "util/memory.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_DEPTH = 4, MAX_FUNCTIONS = 100, MAX_FOLDERS = 5000 };

struct search {
    char **folders;
    size_t count, capacity, seen;
};

static void add(struct search *search, const char *folder) {
    char path[PATH_MAX];
    if (!realpath(folder, path))
        return;
    for (size_t i = 0; i < search->count; i++)
        if (strcmp(search->folders[i], path) == 0)
            return;
    search->folders = memory_reserve(search->folders, &search->capacity, search->count + 1, sizeof(char *));
    search->folders[search->count++] = memory_copy_string(path);
}

/* Folders that contain no functions of their own. */
static bool is_passed_over(const char *name) {
    return name[0] == '.' || strcmp(name, "node_modules") == 0 || strcmp(name, "__pycache__") == 0;
}

static void look_into(struct search *search, const char *folder, int depth);

static void look_at_entry(struct search *search, const char *folder, const char *name, int depth) {
    struct text path = TEXT_INIT;
    struct stat status;
    text_append_format(&path, "%s/%s", folder, name);
    if (lstat(path.bytes, &status) == 0 && S_ISDIR(status.st_mode))
        look_into(search, path.bytes, depth);
    text_release(&path);
}

/* Does not look for functions inside a function's folder. */
static void look_into(struct search *search, const char *folder, int depth) {
    if (++search->seen > MAX_FOLDERS || search->count == MAX_FUNCTIONS)
        return;
    if (runtime_of_folder(folder, NULL)) {
        add(search, folder);
        return;
    }
    DIR *directory = depth < MAX_DEPTH ? opendir(folder) : NULL;
    if (!directory)
        return;
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (!is_passed_over(entry->d_name))
            look_at_entry(search, folder, entry->d_name, depth + 1);
    closedir(directory);
}

static int by_name(const void *left, const void *right) {
    const char *const *a = left, *const *b = right;
    return strcmp(*a, *b);
}

void functions_find(char *const *given, size_t count, struct text *folders) {
    struct search search = {NULL, 0, 0, 0};
    for (size_t i = 0; i < count; i++)
        add(&search, given[i]);
    if (!count)
        look_into(&search, ".", 0);
    if (search.count)
        qsort(search.folders, search.count, sizeof(char *), by_name);
    for (size_t i = 0; i < search.count; i++) {
        text_append(folders, search.folders[i], strlen(search.folders[i]) + 1);
        free(search.folders[i]);
    }
    free(search.folders);
}

void functions_append(const struct text *folders, struct text *out) {
    text_append_byte(out, '[');
    for (size_t at = 0; at < folders->length; at += strlen(folders->bytes + at) + 1) {
        const char *folder = folders->bytes + at, *slash = strrchr(folder, '/');
        json_separate(out);
        text_append_byte(out, '{');
        json_put_string(out, "folder", folder);
        json_put_string(out, "name", slash ? slash + 1 : folder);
        text_append_byte(out, '}');
    }
    text_append_byte(out, ']');
}

bool functions_has(const struct text *folders, struct span folder) {
    for (size_t at = 0; at < folders->length; at += strlen(folders->bytes + at) + 1)
        if (span_equals(folder, folders->bytes + at))
            return true;
    return false;
}
