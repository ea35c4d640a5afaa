/* util/mapped-file: a mapped file, also when it is truncated while it is read. */
#include "unit/unit.h"
#include "util/mapped-file.h"

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES = 8 };

static size_t page;

/* A file of several pages, each filled with the letter of its number. */
static int new_file(void) {
    char name[] = "/tmp/mapped-file.XXXXXX", *bytes = malloc(page);
    int fd = mkstemp(name);
    if (fd < 0 || !bytes || unlink(name) < 0)
        exit(99);
    for (int i = 0; i < PAGES; i++)
        if (write(fd, memset(bytes, 'a' + i, page), page) != (ssize_t)page)
            exit(99);
    free(bytes);
    return fd;
}

static void cut(int fd, size_t length) {
    if (ftruncate(fd, (off_t)length) < 0)
        exit(99);
}

/* The signal that ends a child that maps a file and runs `what`; 0 when it exits by itself. */
static int ends_with(void (*what)(void)) {
    pid_t child = fork();
    int status;
    if (child == 0) {
        int fd = new_file();
        signal(SIGBUS, SIG_DFL); /* the sanitizers install their own handler */
        if (!mapped_file_open(fd, PAGES * page))
            _exit(99);
        what();
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        exit(99);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void touch_another(void) {
    int fd = new_file();
    const volatile char *bytes = mmap(NULL, PAGES * page, PROT_READ, MAP_SHARED, fd, 0);
    cut(fd, 0);
    (void)bytes[0];
}

static void be_signalled(void) {
    raise(SIGBUS);
}

static void check_whole(void) {
    int fd = new_file();
    const char *bytes = mapped_file_open(fd, PAGES * page);
    CHECK(bytes && !mapped_file_open(fd, page));
    close(fd);
    for (size_t i = 0; bytes && i < PAGES; i++) {
        CHECK(bytes[i * page] == (char)('a' + i) && bytes[(i + 1) * page - 1] == (char)('a' + i));
        mapped_file_forget(i * page, i % 2 ? page : SIZE_MAX);
        CHECK(bytes[i * page] == (char)('a' + i));
    }
    mapped_file_forget(PAGES * page, page);
    CHECK(mapped_file_is_whole());
    mapped_file_close();
    mapped_file_close();
}

static void check_torn(void) {
    int fd = new_file();
    const volatile char *bytes = mapped_file_open(fd, PAGES * page);
    cut(fd, 2 * page);
    CHECK(bytes[0] == 'a' && bytes[2 * page - 1] == 'b' && mapped_file_is_whole());
    CHECK(bytes[3 * page + 7] == 0 && !mapped_file_is_whole());
    CHECK(bytes[2 * page] == 0 && bytes[PAGES * page - 1] == 0 && bytes[page] == 'b');
    mapped_file_close();
    bytes = mapped_file_open(fd, 2 * page);
    CHECK(mapped_file_is_whole() && bytes[page] == 'b');
    mapped_file_close();
    close(fd);
}

int main(void) {
    page = (size_t)sysconf(_SC_PAGESIZE);
    TEST("a mapped file has its bytes, also after they were released; only one file can be mapped")
    check_whole();
    TEST("the missing part of a truncated file becomes zeros, which is reported")
    check_torn();
    TEST("a file that cannot be mapped returns NULL") {
        int ends[2];
        CHECK(pipe(ends) == 0 && !mapped_file_open(ends[0], page) && !mapped_file_open(-1, page));
        close(ends[0]);
        close(ends[1]);
        int fd = new_file();
        CHECK(!mapped_file_open(fd, 0));
        close(fd);
    }
    TEST("faults elsewhere, and signals from other processes, still end the program") {
        CHECK(ends_with(touch_another) == SIGBUS);
        CHECK(ends_with(be_signalled) == SIGBUS);
    }
    TEST("the earlier signal handler is restored") {
        struct sigaction action = {.sa_handler = SIG_IGN};
        int fd = new_file();
        sigaction(SIGBUS, &action, NULL);
        CHECK(mapped_file_open(fd, page) != NULL);
        mapped_file_close();
        CHECK(sigaction(SIGBUS, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
        close(fd);
    }
    return unit_end();
}
