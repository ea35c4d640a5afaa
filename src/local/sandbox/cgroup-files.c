#include "local/sandbox/cgroup-files.h"

#include "util/files.h"
#include "util/text.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 1024 * 1024 };

char *cgroup_path(const char *folder, const char *name) {
    struct text path = TEXT_INIT;
    text_append_format(&path, "%s/%s", folder, name);
    return path.bytes;
}

int cgroup_file_open(const char *folder, const char *file, int flags) {
    char *path = cgroup_path(folder, file);
    int fd = open(path, flags | O_CLOEXEC, 0600);
    free(path);
    return fd;
}

bool cgroup_file_put(int fd, const char *value) {
    return fd >= 0 && pwrite(fd, value, strlen(value), 0) == (ssize_t)strlen(value);
}

bool cgroup_file_set(const char *folder, const char *file, const char *value) {
    int fd = cgroup_file_open(folder, file, O_WRONLY);
    bool done = cgroup_file_put(fd, value);
    if (fd >= 0)
        close(fd);
    return done;
}

static bool read_whole(const char *folder, const char *file, struct text *content) {
    char *path = cgroup_path(folder, file);
    bool read = file_read(path, FILE_LIMIT, content);
    free(path);
    return read;
}

static const char *line_of(const char *content, const char *name) {
    size_t length = strlen(name);
    for (const char *line = content; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, name, length) == 0 && line[length] == ' ')
            return line + length + 1;
    }
    return NULL;
}

long long cgroup_file_number(const char *folder, const char *file, const char *name) {
    struct text content = TEXT_INIT;
    long long number = -1;
    if (read_whole(folder, file, &content) && content.length) {
        const char *at = name ? line_of(content.bytes, name) : content.bytes;
        char *end = NULL;
        long long read = at ? strtoll(at, &end, 10) : -1;
        number = end != at ? read : -1;
    }
    text_release(&content);
    return number;
}

void cgroup_folder_list(const char *folder, struct process_list *list) {
    struct text content = TEXT_INIT;
    if (read_whole(folder, "cgroup.procs", &content) && content.length)
        process_list_parse(list, content.bytes);
    text_release(&content);
}
