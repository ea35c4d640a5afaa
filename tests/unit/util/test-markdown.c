/* util/markdown: which text is unchanged, and that other text cannot end its code span. */
#include "unit/unit.h"
#include "util/markdown.h"

static void check(const char *words, const char *wanted) {
    struct text text = TEXT_INIT;
    text_append_markdown(&text, words);
    CHECK_TEXT(text_string(&text), wanted);
    text_release(&text);
}

int main(void) {
    TEST("plain words and numbers are unchanged") {
        static const char *const plain[] = {"",
                                            "resize",
                                            "<- best, 9 failed with Runtime.OutOfMemory, 1 lost",
                                            "cost of a million (USD)",
                                            "5 % of 12, at 1234567 ms",
                                            "excluded: out of memory",
                                            "arm64/x86 \"as it is\"",
                                            "\xc3\xa9t\xc3\xa9",
                                            "a-b-c",
                                            "faded deed"};
        for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
            check(plain[i], plain[i]);
    }
    TEST("markup, links, mentions and references become code") {
        static const char *const marked[][2] = {
            {"<img src=x onerror=y>", "`<img src=x onerror=y>`"},
            {"a<!-- ", "`a<!-- `"},
            {"&lt;", "`&lt;`"},
            {"a [b](c)", "`a [b](c)`"},
            {"*a* _b_ ~c~", "`*a* _b_ ~c~`"},
            {"a\\", "`a\\`"},
            {"@a", "`@a`"},
            {"me@example.com", "`me@example.com`"},
            {"a/b#1", "`a/b#1`"},
            {"see gh-26", "`see gh-26`"},
            {"!12", "`!12`"},
            {"%3", "`%3`"},
            {"$1$", "`$1$`"},
            {":tada:", "`:tada:`"},
            {"http://a", "`http://a`"},
            {"(www.a.b)", "`(www.a.b)`"},
            {"/close", "`/close`"},
            {"in 3f2a91c", "`in 3f2a91c`"},
        };
        for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
            check(marked[i][0], marked[i][1]);
    }
    TEST("backticks and bars do not end the code span or the cell") {
        check("a`b", "``a`b``");
        check("`a``b", "``` `a``b ```");
        check("@`", "`` @` ``");
        check("|", "`\\|`");
        check("a|\\|b", "`a\\|\\\\|b`");
        check(" @ ", "`  @  `");
    }
    return unit_end();
}
