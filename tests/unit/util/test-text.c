/* util/text and util/memory. */
#include "unit/unit.h"
#include "util/memory.h"
#include "util/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum request { PRODUCT_OVERFLOWS, HALF_OF_MEMORY, TEXT_OF_EVERYTHING };

/* Runs an allocation that must fail in a child; returns its exit status. */
static int status_of(enum request request) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(99);
        struct text text = TEXT_INIT;
        size_t capacity = 16;
        if (request == PRODUCT_OVERFLOWS)
            free(memory_resize(NULL, SIZE_MAX / 2, 3));
        else if (request == HALF_OF_MEMORY)
            free(memory_reserve(NULL, &capacity, SIZE_MAX - 10, 1));
        else
            text_extend(&text, SIZE_MAX);
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void check_safe(const char *bytes, size_t length, const char *wanted) {
    struct text text = TEXT_INIT;
    text_append_safe(&text, bytes, length);
    CHECK_TEXT(text_string(&text), wanted);
    text_release(&text);
}

int main(void) {
    TEST("an empty text is an empty string and owns no memory") {
        struct text text = TEXT_INIT;
        CHECK_TEXT(text_string(&text), "");
        CHECK(!text.bytes);
        text_clear(&text);
        text_release(&text);
    }
    TEST("appended parts are in order and end in a NUL") {
        struct text text = TEXT_INIT;
        text_append(&text, "ab", 2);
        text_append(&text, "", 0);
        text_append_string(&text, "cd");
        text_append_byte(&text, 'e');
        text_append_format(&text, "%d-%s", 42, "x");
        CHECK_TEXT(text_string(&text), "abcde42-x");
        CHECK(text.length == 9 && text.bytes[9] == '\0');
        text_release(&text);
        CHECK(!text.bytes && !text.length && !text.capacity);
    }
    TEST("a text may contain any byte, including NUL") {
        struct text text = TEXT_INIT;
        text_append(&text, "a\0b", 3);
        CHECK(text.length == 3 && memcmp(text.bytes, "a\0b", 4) == 0);
        text_release(&text);
    }
    TEST("a cleared text is empty and keeps its memory") {
        struct text text = TEXT_INIT;
        text_append_string(&text, "something");
        size_t capacity = text.capacity;
        text_clear(&text);
        CHECK_TEXT(text_string(&text), "");
        CHECK(text.length == 0 && text.capacity == capacity);
        text_release(&text);
    }
    TEST("a text grows byte by byte to any size, and formatted text may be long") {
        struct text text = TEXT_INIT;
        for (int i = 0; i < 100000; i++)
            text_append_byte(&text, (char)('a' + i % 26));
        bool same = text.length == 100000;
        for (size_t i = 0; same && i < text.length; i++)
            same = text.bytes[i] == (char)('a' + i % 26);
        CHECK(same);
        text_append_format(&text, "%*s", 5000, "end");
        CHECK(text.length == 105000);
        CHECK_TEXT(text_string(&text) + 104997, "end");
        text_release(&text);
    }
    TEST("reserved room can be used in part") {
        struct text text = TEXT_INIT;
        memcpy(text_extend(&text, 10), "0123456789", 10);
        text_extended(&text, 4);
        CHECK_TEXT(text_string(&text), "0123");
        text_release(&text);
    }
    TEST("reserved and unused room leaves a valid string") {
        struct text text = TEXT_INIT;
        text_extend(&text, 10);
        CHECK_TEXT(text_string(&text), "");
        text_release(&text);
    }
    TEST("copies of bytes get a NUL, and strings and NULL can be copied") {
        char *copy = memory_copy("abc", 2);
        CHECK_TEXT(copy, "ab");
        free(copy);
        copy = memory_copy_string("abc");
        CHECK_TEXT(copy, "abc");
        free(copy);
        CHECK(!memory_copy_string(NULL));
    }
    TEST("safe text is not changed") {
        check_safe("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80", 20,
                   "plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80");
    }
    TEST("control characters, DEL, NUL and invalid UTF-8 are shown as bytes") {
        check_safe("\t\r\n\033\x7f", 5, "\\x09\\x0d\\x0a\\x1b\\x7f");
        check_safe("a\0b", 3, "a\\x00b");
        check_safe("\xc2\x9b", 2, "\\xc2\\x9b");
        check_safe("\xff\xc3", 2, "\\xff\\xc3");
        check_safe("\xed\xa0\x80", 3, "\\xed\\xa0\\x80");
    }
    TEST("characters that change the direction of text are shown as bytes") {
        check_safe("\xe2\x80\xae"
                   "x",
                   4, "\\xe2\\x80\\xaex");
        check_safe("\xe2\x81\xa6", 3, "\\xe2\\x81\\xa6");
    }
    TEST("a size that overflows or is too large ends the program with 1") {
        CHECK(status_of(PRODUCT_OVERFLOWS) == 1);
        CHECK(status_of(HALF_OF_MEMORY) == 1);
        CHECK(status_of(TEXT_OF_EVERYTHING) == 1);
    }
    return unit_end();
}
