/* util/lines: reading lines however their bytes arrive, writing lines, and errors of both. */
#include "unit/unit.h"
#include "util/lines.h"
#include "util/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct stream {
    int read, write;
};

static struct stream new_stream(void) {
    int ends[2];
    if (pipe(ends) < 0)
        exit(99);
    return (struct stream){ends[0], ends[1]};
}

static void put(int fd, const char *bytes) {
    size_t length = strlen(bytes);
    if (write(fd, bytes, length) != (ssize_t)length)
        exit(99);
}

/* Reads `input` to its end and compares the lines, each in brackets. */
static void check_lines(const char *input, const char *wanted) {
    struct stream stream = new_stream();
    struct line_reader reader;
    struct text got = TEXT_INIT;
    struct span line;
    put(stream.write, input);
    close(stream.write);
    line_reader_open(&reader, stream.read, "a test");
    while (line_reader_next(&reader, &line))
        text_append_format(&got, "[%.*s]%lu%s", (int)line.length, line.start, reader.line,
                           reader.unterminated ? "!" : "");
    CHECK_TEXT(text_string(&got), wanted);
    CHECK(reader.error == 0 && reader.at_end);
    CHECK(!line_reader_next(&reader, &line));
    line_reader_close(&reader);
    close(stream.read);
    text_release(&got);
}

/* Writes the lines in pieces of `piece` bytes; the reader must return the same lines. */
static void check_pieces(size_t piece) {
    static const char input[] = "one\ntwo and more\n\nthree\nrest";
    struct stream stream = new_stream();
    struct line_reader reader;
    struct span line;
    struct text got = TEXT_INIT;
    size_t sent = 0, length = sizeof input - 1;
    line_reader_open(&reader, stream.read, "pieces");
    for (;;) {
        while (line_reader_buffered(&reader, &line))
            text_append_format(&got, "[%.*s]", (int)line.length, line.start);
        size_t next = length - sent < piece ? length - sent : piece;
        if (next && write(stream.write, input + sent, next) != (ssize_t)next)
            exit(99);
        sent += next;
        if (!next && stream.write >= 0) {
            close(stream.write);
            stream.write = -1;
        }
        if (!line_reader_fill(&reader) && !line_reader_ready(&reader))
            break;
    }
    CHECK_TEXT(text_string(&got), "[one][two and more][][three][rest]");
    line_reader_close(&reader);
    close(stream.read);
    text_release(&got);
}

static void check_taken(void) {
    static const char input[] = "one\ntwo\nthree\nfo";
    struct stream stream = new_stream();
    struct line_reader reader;
    struct span line;
    line_reader_open(&reader, stream.read, "taken");
    CHECK(line_reader_rest(&reader).length == 0);
    if (write(stream.write, input, sizeof input - 1) != sizeof input - 1)
        exit(99);
    close(stream.write);
    CHECK(line_reader_fill(&reader) && line_reader_next(&reader, &line) && line.length == 3);
    struct span rest = line_reader_rest(&reader);
    CHECK(rest.length == 12 && memcmp(rest.start, "two\nthree\nfo", 12) == 0);
    line_reader_take(&reader, 4);
    CHECK(reader.line == 2);
    CHECK(line_reader_next(&reader, &line) && line.length == 5 && reader.line == 3);
    CHECK(line_reader_next(&reader, &line) && line.length == 2 && reader.unterminated);
    line_reader_close(&reader);
    close(stream.read);
}

static void check_long_line(size_t length) {
    char path[] = "/tmp/test-lines.XXXXXX";
    int file = mkstemp(path);
    unlink(path);
    char *bytes = memory_zeroed(length + 3, 1);
    memset(bytes, 'x', length);
    memcpy(bytes + length, "\ny", 3);
    struct line_reader reader;
    struct span line = {NULL, 0};
    CHECK(write(file, bytes, length + 2) == (ssize_t)length + 2 && lseek(file, 0, SEEK_SET) == 0);
    line_reader_open(&reader, file, path);
    CHECK(line_reader_next(&reader, &line) && line.length == length &&
          memcmp(line.start, bytes, length) == 0);
    CHECK(line_reader_next(&reader, &line) && line.length == 1 && *line.start == 'y');
    CHECK(!line_reader_next(&reader, &line));
    line_reader_close(&reader);
    close(file);
    free(bytes);
}

static void check_nonblocking(void) {
    struct stream stream = new_stream();
    struct line_reader reader;
    struct span line;
    CHECK(fcntl(stream.read, F_SETFL, O_NONBLOCK) == 0);
    line_reader_open(&reader, stream.read, "nonblocking");
    CHECK(line_reader_fill(&reader) && !line_reader_ready(&reader) && !line_reader_buffered(&reader, &line));
    put(stream.write, "half");
    CHECK(line_reader_fill(&reader) && !line_reader_ready(&reader));
    put(stream.write, " done\n");
    CHECK(line_reader_fill(&reader) && line_reader_ready(&reader));
    CHECK(line_reader_buffered(&reader, &line) && span_equals(line, "half done"));
    close(stream.write);
    CHECK(!line_reader_fill(&reader) && reader.error == 0);
    line_reader_close(&reader);
    close(stream.read);
}

static void check_failed_read(void) {
    struct line_reader reader;
    struct span line;
    int directory = open("/", O_RDONLY);
    line_reader_open(&reader, directory, "/");
    CHECK(!line_reader_next(&reader, &line));
    CHECK(reader.error == EISDIR);
    line_reader_close(&reader);
    close(directory);
}

/* The status of a child that writes a line to `fd` and calls output_finish with `status`. */
static int ending(int fd, int status) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(99);
        struct output output;
        output_open(&output, fd);
        output_line(&output, "a line", 6);
        _exit(output_finish(&output, status));
    }
    int ended = -1;
    waitpid(child, &ended, 0);
    return ended;
}

static void check_endings(void) {
    int full = open("/dev/full", O_WRONLY), null = open("/dev/null", O_WRONLY);
    CHECK(WEXITSTATUS(ending(null, 0)) == 0);
    CHECK(WEXITSTATUS(ending(null, 4)) == 4);
    CHECK(WEXITSTATUS(ending(full, 0)) == 1);
    CHECK(WEXITSTATUS(ending(full, 3)) == 3);
    close(full);
    close(null);
    struct stream stream = new_stream();
    close(stream.read);
    for (int ignored = 0; ignored < 2; ignored++) {
        signal(SIGPIPE, ignored ? SIG_IGN : SIG_DFL);
        int ended = ending(stream.write, 0);
        CHECK(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGPIPE);
    }
    signal(SIGPIPE, SIG_DFL);
    close(stream.write);
}

static void check_output(void) {
    struct stream stream = new_stream();
    struct output output;
    struct line_reader reader;
    struct span line;
    output_open(&output, stream.write);
    output_line(&output, "one", 3);
    output_line(&output, "", 0);
    CHECK(fcntl(stream.read, F_SETFL, O_NONBLOCK) == 0);
    line_reader_open(&reader, stream.read, "output");
    CHECK(line_reader_fill(&reader) && !line_reader_ready(&reader));
    CHECK(output_flush(&output) && line_reader_fill(&reader));
    CHECK(line_reader_buffered(&reader, &line) && span_equals(line, "one"));
    CHECK(line_reader_buffered(&reader, &line) && span_equals(line, ""));
    CHECK(output_finish(&output, 0) == 0);
    line_reader_close(&reader);
    close(stream.read);
}

/* The record has the same lines, the first at the same time; a record that cannot be written ends both. */
static void check_record(void) {
    char path[] = "/tmp/test-lines.XXXXXX", got[16] = "";
    int file = mkstemp(path);
    struct stream stream = new_stream();
    struct output output;
    output_open(&output, stream.write);
    output_record(&output, NULL);
    CHECK(output.record < 0);
    output_record(&output, path);
    output_line(&output, "one", 3);
    output_lines(&output, "two\n", 4);
    CHECK(read(file, got, sizeof got) == 8 && memcmp(got, "one\ntwo\n", 8) == 0);
    CHECK(read(stream.read, got, sizeof got) == 8 && memcmp(got, "one\ntwo\n", 8) == 0);
    close(stream.read);
    output_line(&output, "three", 5);
    signal(SIGPIPE, SIG_IGN);
    CHECK(!output_flush(&output) && output.error == EPIPE && !output.record_failed);
    signal(SIGPIPE, SIG_DFL);
    CHECK(read(file, got, sizeof got) == 6 && memcmp(got, "three\n", 6) == 0);
    text_release(&output.pending);
    close(output.record);
    close(stream.write);
    close(file);
    unlink(path);
    stream = new_stream();
    output_open(&output, stream.write);
    output_record(&output, "/dev/full");
    output_line(&output, "one", 3);
    CHECK(!output_flush(&output) && output.error == ENOSPC && output.record_failed);
    text_release(&output.pending);
    close(output.record);
    close(stream.write);
    CHECK(read(stream.read, got, sizeof got) == 0);
    close(stream.read);
}

int main(void) {
    TEST("lines are read unchanged, with or without a last newline") {
        check_lines("", "");
        check_lines("a\n", "[a]1");
        check_lines("a\nb", "[a]1[b]2!");
        check_lines("\n\n", "[]1[]2");
        check_lines("a\r\nb \n", "[a\r]1[b ]2");
    }
    TEST("the result does not depend on how the bytes arrive") {
        for (size_t piece = 1; piece < 30; piece++)
            check_pieces(piece);
    }
    TEST("lines taken from the buffer are counted") {
        check_taken();
    }
    TEST("a line may be longer than any buffer") {
        for (size_t length = 65534; length < 65539; length++)
            check_long_line(length);
        check_long_line(7 * 1024 * 1024);
    }
    TEST("a non-blocking descriptor returns the lines it has") {
        check_nonblocking();
    }
    TEST("a failed read ends the input with an error") {
        check_failed_read();
    }
    TEST("output is buffered until it is flushed") {
        check_output();
    }
    TEST("a full disk is a failure, a higher status is kept, and a closed pipe ends the program by SIGPIPE") {
        check_endings();
    }
    TEST("a record gets every line before the output does") {
        check_record();
    }
    return unit_end();
}
