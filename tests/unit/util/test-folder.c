/* util/folder: copying and removing whole folders. */
#include "unit/unit.h"
#include "util/files.h"
#include "util/folder.h"
#include "util/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[] = "/tmp/test-local-folder.XXXXXX";

static const char *in_directory(const char *name) {
    static char paths[2][400];
    static int which;
    which = !which;
    snprintf(paths[which], sizeof paths[which], "%s/%s", directory, name);
    return paths[which];
}

static void write_bytes(const char *name, size_t length, mode_t mode) {
    int fd = open(in_directory(name), O_WRONLY | O_CREAT | O_EXCL, 0600);
    for (size_t i = 0; i < length; i++)
        CHECK(write(fd, &(char){(char)('a' + i % 23)}, 1) == 1);
    const struct timespec times[2] = {{.tv_sec = 1000}, {.tv_sec = 2000, .tv_nsec = 3000}};
    CHECK(futimens(fd, times) == 0 && fchmod(fd, mode) == 0);
    close(fd);
}

static void check_same(const char *one, const char *other) {
    struct text a = TEXT_INIT, b = TEXT_INIT;
    CHECK(file_read(in_directory(one), 1 << 20, &a) && file_read(in_directory(other), 1 << 20, &b));
    CHECK(a.length == b.length && memcmp(text_string(&a), text_string(&b), a.length) == 0);
    text_release(&a);
    text_release(&b);
}

static void make_folder(void) {
    CHECK(mkdir(in_directory("from"), 0700) == 0 && mkdir(in_directory("from/inner"), 0700) == 0);
    write_bytes("from/program", 100001, 0755);
    write_bytes("from/inner/empty", 0, 0444);
    CHECK(chmod(in_directory("from/inner"), 0755) == 0);
    CHECK(symlink("../program", in_directory("from/inner/link")) == 0);
    CHECK(mkfifo(in_directory("from/fifo"), 0600) == 0);
}

static void test_copy(void) {
    struct stat status;
    char target[40];
    TEST("a copy has the bytes, modes and times of the files") {
        make_folder();
        CHECK(mkdir(in_directory("to"), 0700) == 0 && folder_copy(in_directory("from"), in_directory("to")));
        check_same("from/program", "to/program");
        check_same("from/inner/empty", "to/inner/empty");
        CHECK(stat(in_directory("to/program"), &status) == 0 && (status.st_mode & 07777) == 0755);
        CHECK(status.st_mtim.tv_sec == 2000 && status.st_mtim.tv_nsec == 3000);
        CHECK(stat(in_directory("to/inner/empty"), &status) == 0 && (status.st_mode & 07777) == 0444);
        CHECK(stat(in_directory("to/inner"), &status) == 0 && (status.st_mode & 07777) == 0755);
    }
    TEST("a symbolic link is copied as a link, and other kinds of files are skipped") {
        ssize_t length = readlink(in_directory("to/inner/link"), target, sizeof target);
        CHECK(length == 10 && memcmp(target, "../program", 10) == 0);
        CHECK(lstat(in_directory("to/fifo"), &status) != 0 && errno == ENOENT);
    }
    TEST("an existing file is an error and is not overwritten") {
        CHECK(!folder_copy(in_directory("from"), in_directory("to")) && errno == EEXIST);
        check_same("from/program", "to/program");
    }
    TEST("copying a missing folder is an error") {
        CHECK(!folder_copy(in_directory("nowhere"), in_directory("to")) && errno == ENOENT);
    }
}

static void test_depth(void) {
    struct stat status;
    TEST("copying folders nested more than 64 deep is an error; removing them works") {
        struct text path = TEXT_INIT;
        text_append_string(&path, in_directory("deep"));
        for (int depth = 0; depth < 66; depth++) {
            CHECK(mkdir(path.bytes, 0700) == 0);
            text_append_string(&path, "/d");
        }
        text_release(&path);
        CHECK(mkdir(in_directory("shallow"), 0700) == 0);
        CHECK(!folder_copy(in_directory("deep"), in_directory("shallow")) && errno == ELOOP);
    }
    TEST("removing a folder does not follow symbolic links") {
        CHECK(symlink("../from", in_directory("deep/link")) == 0);
        CHECK(chmod(in_directory("deep/d"), 0) == 0);
        folder_remove(in_directory("deep"));
        CHECK(lstat(in_directory("deep"), &status) != 0 && errno == ENOENT);
        CHECK(lstat(in_directory("from/program"), &status) == 0);
    }
}

int main(void) {
    if (!mkdtemp(directory))
        return 1;
    test_copy();
    test_depth();
    folder_remove(directory);
    TEST("nothing remains") {
        CHECK(access(directory, F_OK) != 0);
    }
    return unit_end();
}
