/* util/files: reading whole files, durable writing, the toolkit's data files. */
#include "unit/unit.h"
#include "util/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/test-files.XXXXXX";

static const char *in_directory(const char *name) {
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

static int entries(void) {
    int count = 0;
    DIR *listing = opendir(directory);
    while (listing && readdir(listing))
        count++;
    if (listing)
        closedir(listing);
    return count - 2;
}

static void check_read(const char *path, size_t limit, const char *wanted) {
    struct text content = TEXT_INIT;
    CHECK(file_read(path, limit, &content));
    CHECK_TEXT(text_string(&content), wanted);
    text_release(&content);
}

static void check_unreadable(const char *path, size_t limit, int wanted) {
    struct text content = TEXT_INIT;
    errno = 0;
    CHECK(!file_read(path, limit, &content));
    CHECK(errno == wanted);
    text_release(&content);
}

static void check_writing(void) {
    CHECK(file_write_durably(in_directory("one"), "first", 5));
    check_read(in_directory("one"), 100, "first");
    struct stat status;
    CHECK(stat(in_directory("one"), &status) == 0 && (status.st_mode & 0777) == 0600);
    CHECK(file_write_durably(in_directory("one"), "second and longer", 17));
    check_read(in_directory("one"), 100, "second and longer");
    CHECK(file_write_durably(in_directory("one"), "", 0));
    check_read(in_directory("one"), 100, "");
    CHECK(entries() == 1);
}

static void check_failed_writing(void) {
    CHECK(mkdir(in_directory("taken"), 0700) == 0);
    CHECK(mkdir(in_directory("taken/inside"), 0700) == 0);
    errno = 0;
    CHECK(!file_write_durably(in_directory("taken"), "x", 1));
    CHECK(errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST);
    errno = 0;
    CHECK(!file_write_durably(in_directory("nowhere/file"), "x", 1));
    CHECK(errno == ENOENT);
    rmdir(in_directory("taken/inside"));
    rmdir(in_directory("taken"));
    CHECK(entries() == 1);
}

int main(void) {
    if (!mkdtemp(directory))
        return 99;
    TEST("a written file is complete and private, replaces the old one, and leaves no other file") {
        check_writing();
    }
    TEST("a failed write says why and leaves no file") {
        check_failed_writing();
    }
    TEST("a file of exactly the limit is read, and one byte more is refused") {
        CHECK(file_write_durably(in_directory("one"), "12345", 5));
        check_read(in_directory("one"), 5, "12345");
        check_unreadable(in_directory("one"), 4, EFBIG);
    }
    TEST("the limit applies to the file, not to earlier text") {
        struct text content = TEXT_INIT;
        text_append_string(&content, "before ");
        CHECK(file_read(in_directory("one"), 5, &content));
        CHECK_TEXT(text_string(&content), "before 12345");
        text_release(&content);
    }
    TEST("reading an endless file stops at the limit") {
        check_unreadable("/dev/zero", 1 << 20, EFBIG);
    }
    TEST("a missing file and a directory are errors") {
        check_unreadable(in_directory("absent"), 10, ENOENT);
        check_unreadable(directory, 10, EISDIR);
    }
    TEST("'-' means standard input") {
        CHECK(freopen(in_directory("one"), "r", stdin) != NULL);
        check_read("-", 100, "12345");
    }
    TEST("a directory is flushed, given the absolute or relative path of a file in it") {
        CHECK(directory_sync(in_directory("one")));
        CHECK(directory_sync("just-a-name"));
        CHECK(directory_sync("/at-the-root"));
        CHECK(!directory_sync("/nowhere-at-all/file"));
    }
    TEST("for a missing data file the path is the installed one") {
        struct text path = TEXT_INIT;
        text_append_string(&path, "at ");
        CHECK(!share_path("no-such-data-file", &path));
        CHECK(strncmp(text_string(&path), "at /", 4) == 0);
        CHECK(strstr(text_string(&path), "/share/power-tune/no-such-data-file") != NULL);
        text_release(&path);
    }
    unlink(in_directory("one"));
    rmdir(directory);
    return unit_end();
}
