#include "console/runs.h"

#include "util/diagnostics.h"
#include "util/memory.h"
#include "util/timestamp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { NOTE_LIMIT = 8192, RANDOM_CHARACTERS = 6 };

/* The files of a run that the page may read. Files with payloads that must not be kept are not among them. */
static const char *const known_files[] = {
    "init.ndjson",  "publish.ndjson", "invoke.ndjson",  "discard.ndjson", "logparse.ndjson",
    "stats.ndjson", "states.ndjson",  "journal.ndjson", "result.json",    "input.json",
    "messages",     "function",       "local",          "options",        "finished",
    "process",      "chooser.ndjson", "earlier.ndjson", "resume.ndjson"};

static bool make_path(const char *path) {
    struct text part = TEXT_INIT;
    bool made = true;
    for (const char *at = path; made && *at;) {
        size_t length = strcspn(at + 1, "/") + 1;
        text_append(&part, at, length);
        at += length;
        made = mkdir(part.bytes, S_IRWXU) == 0 || errno == EEXIST;
    }
    text_release(&part);
    return made;
}

/* From the environment or the user database; NULL when unknown. */
static const char *home_folder(void) {
    const char *home = getenv("HOME");
    const struct passwd *entry = home && *home ? NULL : getpwuid(getuid());
    return entry ? entry->pw_dir : home;
}

static bool append_path(struct text *path) {
    const char *state = getenv("XDG_STATE_HOME"), *home = home_folder();
    if (state && *state)
        text_append_format(path, "%s/power-tune/runs", state);
    else if (home && *home)
        text_append_format(path, "%s/.local/state/power-tune/runs", home);
    else
        return false;
    if (path->bytes[0] == '/')
        return true;
    char *here = getcwd(NULL, 0);
    struct text absolute = TEXT_INIT;
    if (here)
        text_append_format(&absolute, "%s/%s", here, path->bytes);
    free(here);
    text_release(path);
    *path = absolute;
    return true;
}

/* True when the folder belongs to the user, and no other can write to it. */
static bool is_own(const struct stat *status) {
    return status->st_uid == geteuid() && !(status->st_mode & (S_IWGRP | S_IWOTH));
}

bool runs_open(struct runs *runs) {
    struct stat status;
    *runs = (struct runs){.folder = -1, .elsewhere = -1, .path = TEXT_INIT};
    if (!append_path(&runs->path)) {
        report_error("cannot tell the home folder: set HOME or XDG_STATE_HOME");
        return false;
    }
    if (make_path(runs->path.bytes))
        runs->folder = open(runs->path.bytes, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (runs->folder < 0 || fstat(runs->folder, &status) != 0) {
        report_error("cannot use '%s', the folder of the runs: %s", text_string(&runs->path),
                     strerror(errno));
        return false;
    }
    if (is_own(&status)) {
        if (mkdirat(runs->folder, "../elsewhere", S_IRWXU) == 0 || errno == EEXIST)
            runs->elsewhere =
                openat(runs->folder, "../elsewhere", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        return true;
    }
    report_error(
        "cannot use '%s', the folder of the runs: it belongs to another user, or others may write to it",
        runs->path.bytes);
    return false;
}

void runs_close(struct runs *runs) {
    if (runs->folder >= 0)
        close(runs->folder);
    if (runs->elsewhere >= 0)
        close(runs->elsewhere);
    text_release(&runs->path);
}

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool run_name_is_valid(struct span name) {
    if (!name.length || name.length > MAX_RUN_NAME || !is_alphanumeric(name.start[0]))
        return false;
    for (size_t i = 1; i < name.length; i++)
        if (!is_alphanumeric(name.start[i]) && !memchr("._-", name.start[i], 3))
            return false;
    return true;
}

/* Opens a linked directory that is the user's own. Returns a descriptor, or -1 with errno. */
static int open_elsewhere(const struct runs *runs, const char *name) {
    struct stat status;
    int fd = runs->elsewhere >= 0 ? openat(runs->elsewhere, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd < 0 || (fstat(fd, &status) == 0 && is_own(&status)))
        return fd;
    close(fd);
    errno = ENOENT;
    return -1;
}

/* Opens the directory of a run. Returns a descriptor, or -1 with errno. */
static int open_run(const struct runs *runs, struct span run) {
    char name[MAX_RUN_NAME + 1];
    if (!run_name_is_valid(run)) {
        errno = ENOENT;
        return -1;
    }
    memcpy(name, run.start, run.length);
    name[run.length] = '\0';
    int fd = openat(runs->folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 && errno == ENOENT ? open_elsewhere(runs, name) : fd;
}

void runs_append_path(const struct runs *runs, struct span run, struct text *path) {
    char name[MAX_RUN_NAME + 1] = "", target[PATH_MAX];
    struct stat status;
    if (run_name_is_valid(run))
        memcpy(name, run.start, run.length);
    ssize_t length = *name && fstatat(runs->folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0
                         ? readlinkat(runs->elsewhere, name, target, sizeof target)
                         : -1;
    if (length > 0 && (size_t)length < sizeof target)
        text_append(path, target, (size_t)length);
    else
        text_append_format(path, "%s/%.*s", runs->path.bytes, (int)run.length, run.start);
}

static int open_in_run(const struct runs *runs, struct span run, const char *file, int flags) {
    int directory = open_run(runs, run);
    if (directory < 0)
        return -1;
    struct stat status;
    int fd = openat(directory, file, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, S_IRUSR | S_IWUSR);
    int error = errno;
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(fd);
        fd = -1;
        error = ENOENT;
    }
    close(directory);
    errno = error;
    return fd;
}

int runs_open_file(const struct runs *runs, struct span run, struct span file, int flags) {
    for (size_t i = 0; i < sizeof known_files / sizeof *known_files; i++)
        if (span_equals(file, known_files[i]))
            return open_in_run(runs, run, known_files[i], flags);
    errno = EACCES;
    return -1;
}

static bool append_name(struct text *name) {
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char random[RANDOM_CHARACTERS];
    char stamp[TIMESTAMP_COMPACT_SIZE];
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random ||
        !timestamp_format(time(NULL), TIMESTAMP_COMPACT, stamp, sizeof stamp))
        return false;
    text_append_format(name, "%s-", stamp);
    for (size_t i = 0; i < sizeof random; i++)
        text_append_byte(name, characters[random[i] % (sizeof characters - 1)]);
    return true;
}

int runs_make(const struct runs *runs, struct text *name) {
    if (!append_name(name) || mkdirat(runs->folder, name->bytes, S_IRWXU) != 0)
        return -1;
    return open_in_run(runs, (struct span){name->bytes, name->length}, "messages",
                       O_WRONLY | O_APPEND | O_CREAT | O_EXCL);
}

static bool read_from(int fd, long long offset, size_t limit, struct text *content) {
    struct stat status;
    if (fstat(fd, &status) != 0)
        return false;
    long long at = offset >= 0 ? offset : status.st_size + offset > 0 ? status.st_size + offset : 0;
    while (limit) {
        char *end = text_extend(content, limit < NOTE_LIMIT ? limit : NOTE_LIMIT);
        ssize_t got = pread(fd, end, limit < NOTE_LIMIT ? limit : NOTE_LIMIT, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        text_extended(content, (size_t)got);
        at += got;
        limit -= (size_t)got;
    }
    return true;
}

bool runs_read(const struct runs *runs, struct span run, const char *file, long long offset, size_t limit,
               struct text *content) {
    int fd = runs_open_file(runs, run, span_of(file), O_RDONLY);
    if (fd < 0)
        return false;
    bool done = read_from(fd, offset, limit, content);
    int error = errno;
    close(fd);
    errno = error;
    return done;
}

bool run_exists(const struct runs *runs, struct span run) {
    int directory = open_run(runs, run);
    if (directory >= 0)
        close(directory);
    return directory >= 0;
}

bool run_has(const struct runs *runs, struct span run, const char *file) {
    int fd = runs_open_file(runs, run, span_of(file), O_RDONLY);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

pid_t run_signal(const struct runs *runs, struct span run, int signal) {
    struct text note = TEXT_INIT;
    struct process_identity identity;
    bool there = runs_read(runs, run, "process", 0, NOTE_LIMIT, &note) &&
                 process_identity_read((struct span){text_string(&note), note.length}, &identity) &&
                 process_signal(&identity, signal);
    text_release(&note);
    return there ? identity.pid : 0;
}

/* ---- the list ---- */

static int newest_first(const void *left, const void *right) {
    const char *const *a = left, *const *b = right;
    return strcmp(*b, *a);
}

struct names {
    char **list;
    size_t count, capacity;
};

/* Adds the names of the runs in a folder: directories, or links to directories. */
static void add_names(const struct runs *runs, int folder, mode_t type, struct names *names) {
    int fd = folder >= 0 ? openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
    struct stat status;
    if (!directory) {
        if (fd >= 0)
            close(fd);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(directory));)
        if (run_name_is_valid(span_of(entry->d_name)) &&
            fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            (status.st_mode & S_IFMT) == type && run_exists(runs, span_of(entry->d_name))) {
            names->list =
                memory_reserve(names->list, &names->capacity, names->count + 1, sizeof *names->list);
            names->list[names->count++] = memory_copy_string(entry->d_name);
        }
    closedir(directory);
}

size_t runs_list(const struct runs *runs, size_t most, struct text *names) {
    struct names all = {0};
    add_names(runs, runs->folder, S_IFDIR, &all);
    add_names(runs, runs->elsewhere, S_IFLNK, &all);
    if (all.count)
        qsort(all.list, all.count, sizeof *all.list, newest_first);
    for (size_t i = 0; i < all.count; i++) {
        if (i < most)
            text_append(names, all.list[i], strlen(all.list[i]) + 1);
        free(all.list[i]);
    }
    free(all.list);
    return all.count < most ? all.count : most;
}
