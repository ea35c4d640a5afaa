/* The journal: its state after each possible last record, also an incomplete one. */
#include "apply/journal.h"
#include "unit/unit.h"

#include "util/files.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/test-journal-XXXXXX";

static void journal_file(struct text *path) {
    text_append_format(path, "%s/journal.ndjson", directory);
}

static void write_file(const char *content) {
    struct text path = TEXT_INIT;
    journal_file(&path);
    CHECK(file_write_durably(path.bytes, content, strlen(content)));
    text_release(&path);
}

static void reopen(struct journal *journal) {
    struct text problem = TEXT_INIT;
    journal_close(journal);
    CHECK(journal_open(journal, directory, &problem));
    CHECK_TEXT(text_string(&problem), "");
    text_release(&problem);
}

static void remove_file(void) {
    struct text path = TEXT_INIT;
    journal_file(&path);
    unlink(path.bytes);
    text_release(&path);
}

int main(void) {
    struct journal journal = JOURNAL_INIT;
    if (!mkdtemp(directory))
        return 2;
    TEST("a new journal says that nothing was changed") {
        reopen(&journal);
        CHECK(!journal.state.changed && !journal.state.unresolved && journal.state.memory.count == 0);
        struct text path = TEXT_INIT;
        struct stat status;
        journal_file(&path);
        CHECK(stat(path.bytes, &status) == 0 && (status.st_mode & 0777) == 0600);
        text_release(&path);
    }
    TEST("after an intent both the old and the new value may be there; after its outcome only the new") {
        CHECK(journal_write(&journal, "update", "intent", "\"memorySizeMB\":256"));
        CHECK(journal_write(&journal, "update", "outcome", "\"memorySizeMB\":256"));
        CHECK(journal_write(&journal, "update", "intent", "\"memorySizeMB\":512"));
        reopen(&journal);
        CHECK(journal.state.changed && journal.state.unresolved);
        CHECK(journal_has_value(&journal.state.memory, "256") &&
              journal_has_value(&journal.state.memory, "512"));
        CHECK(journal_write(&journal, "update", "outcome", "\"memorySizeMB\":512"));
        reopen(&journal);
        CHECK(!journal.state.unresolved && !journal_has_value(&journal.state.memory, "256"));
        CHECK(journal_has_value(&journal.state.memory, "512"));
    }
    TEST("restoring and cleaning count as done until something is changed again") {
        CHECK(journal_write(&journal, "restore", "outcome", "\"memorySizeMB\":128"));
        CHECK(journal_write(&journal, "clean", "outcome", ""));
        reopen(&journal);
        CHECK(journal.state.restored && journal.state.cleaned);
        CHECK(journal_write(&journal, "publish", "intent", "\"description\":\"x\""));
        CHECK(journal_write(&journal, "update", "intent", "\"memorySizeMB\":256"));
        reopen(&journal);
        CHECK(!journal.state.restored && !journal.state.cleaned);
    }
    TEST("half a last line does not count, and the next record is on a line of its own") {
        write_file("{\"type\":\"journal\",\"action\":\"update\",\"phase\":\"intent\",\"memorySizeMB\":256}\n"
                   "{\"type\":\"journal\",\"action\":\"update\",\"phase\":\"outco");
        reopen(&journal);
        CHECK(journal.state.unresolved);
        CHECK(journal_write(&journal, "update", "outcome", "\"memorySizeMB\":256"));
        reopen(&journal);
        CHECK(!journal.state.unresolved);
        struct text path = TEXT_INIT, content = TEXT_INIT;
        journal_file(&path);
        CHECK(file_read(path.bytes, 4096, &content));
        CHECK(strstr(content.bytes, "outco{") == NULL);
        text_release(&path);
        text_release(&content);
    }
    TEST("a line that is not a record is ignored, and so is a record without an action") {
        write_file(
            "{\"type\":\"journal\",\"action\":\"update\",\"phase\":\"intent\",\"memorySizeMB\":256}\n"
            "\x01 not a record\n{}\n"
            "{\"type\":\"journal\",\"action\":\"update\",\"phase\":\"outcome\",\"memorySizeMB\":512}\n");
        int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);
        CHECK(dup2(null, STDERR_FILENO) >= 0);
        reopen(&journal);
        CHECK(dup2(saved, STDERR_FILENO) >= 0);
        close(saved);
        close(null);
        CHECK(!journal.state.unresolved && journal_has_value(&journal.state.memory, "512"));
        CHECK(!journal_has_value(&journal.state.memory, "256"));
    }
    TEST("after a record that was written in part, the next is on a line of its own") {
        struct rlimit room;
        struct stat status;
        write_file("");
        reopen(&journal);
        CHECK(getrlimit(RLIMIT_FSIZE, &room) == 0 && fstat(journal.fd, &status) == 0);
        signal(SIGXFSZ, SIG_IGN);
        rlim_t more = room.rlim_cur;
        room.rlim_cur = (rlim_t)status.st_size + 20;
        CHECK(setrlimit(RLIMIT_FSIZE, &room) == 0);
        CHECK(!journal_write(&journal, "update", "intent", "\"memorySizeMB\":1024"));
        CHECK(!journal_write(&journal, "update", "intent", "\"memorySizeMB\":1024"));
        room.rlim_cur = more;
        CHECK(setrlimit(RLIMIT_FSIZE, &room) == 0);
        CHECK(journal_write(&journal, "restore", "outcome", "\"memorySizeMB\":128"));
        reopen(&journal);
        CHECK(journal.state.restored && !journal.state.unresolved);
        CHECK(journal_age_ms(&journal) < 3600 * 1000);
    }
    TEST("every prefix of a journal can be read") {
        static const char whole[] =
            "{\"type\":\"journal\",\"action\":\"update\",\"phase\":\"intent\",\"memorySizeMB\":256,"
            "\"description\":\"d\"}\n"
            "{\"type\":\"journal\",\"action\":\"publish\",\"phase\":\"intent\",\"description\":\"power-tune:"
            "x:256\"}\n"
            "{\"type\":\"journal\",\"action\":\"publishOptimized\",\"phase\":\"outcome\",\"version\":\"3\"}\n"
            "{\"type\":\"journal\",\"action\":\"optimize\",\"phase\":\"intent\",\"memorySizeMB\":512,"
            "\"alias\":\"prod\"}\n";
        for (size_t length = 0; length <= strlen(whole); length++) {
            struct text prefix = TEXT_INIT;
            text_append(&prefix, whole, length);
            write_file(text_string(&prefix));
            reopen(&journal);
            text_release(&prefix);
        }
        CHECK(journal.state.optimize_memory_mb == 512 && !journal.state.optimized);
        CHECK_TEXT(journal.state.alias, "prod");
        CHECK(journal.state.version_count == 1);
    }
    TEST("a journal without a file knows the changes of this process") {
        journal_close(&journal);
        CHECK(journal_write(&journal, "update", "intent", "\"memorySizeMB\":256"));
        CHECK(journal.state.changed && journal_has_value(&journal.state.memory, "256"));
        journal_close(&journal);
    }
    TEST("a folder that does not exist is an error") {
        struct text problem = TEXT_INIT;
        CHECK(!journal_open(&journal, "/proc/none", &problem));
        CHECK_TEXT(text_string(&problem),
                   "cannot use the journal '/proc/none/journal.ndjson': No such file or directory");
        text_release(&problem);
    }
    journal_close(&journal);
    remove_file();
    rmdir(directory);
    return unit_end();
}
