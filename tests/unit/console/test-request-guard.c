/* console/request-guard and serve/secret: which requests are served at all. */
#include "console/request-guard.h"
#include "serve/secret.h"
#include "unit/unit.h"

#define SECRET "0123456789abcdef0123456789abcdef0123456789abcdef"

enum { PORT = 8600 };

static enum guard_verdict judge(const char *host, const char *origin, const char *site, const char *path,
                                struct span *rest) {
    const struct guard_request request = {
        .host = host, .origin = origin, .site = site, .path = span_of(path)};
    return guard_judge(&request, SECRET, PORT, rest);
}

static void test_secret(void) {
    char one[SECRET_SIZE], two[SECRET_SIZE];
    TEST("a secret is 48 hexadecimal digits and differs each time") {
        CHECK(secret_make(one) && secret_make(two));
        CHECK(strlen(one) == 48 && strspn(one, "0123456789abcdef") == 48);
        CHECK(strcmp(one, two) != 0);
    }
    TEST("only the whole secret is accepted") {
        CHECK(secret_equals(span_of(SECRET), SECRET));
        CHECK(!secret_equals((struct span){SECRET, 47}, SECRET));
        CHECK(!secret_equals((struct span){NULL, 0}, SECRET));
        CHECK(!secret_equals(span_of(SECRET "0"), SECRET));
        CHECK(!secret_equals(span_of(""), SECRET));
    }
    TEST("a signature is an HMAC-SHA256") {
        struct text signature = TEXT_INIT;
        secret_sign("Jefe", span_of("what do ya want for nothing?"), &signature); /* RFC 4231, test case 2 */
        CHECK_TEXT(text_string(&signature),
                   "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        text_release(&signature);
    }
}

static void test_places(void) {
    struct span rest;
    TEST("after the secret, the rest of the path is returned") {
        CHECK(judge("127.0.0.1:8600", NULL, NULL, "/" SECRET "/api/runs", &rest) == GUARD_OURS);
        CHECK(span_equals(rest, "/api/runs"));
        CHECK(judge("localhost:8600", "http://localhost:8600", "same-origin", "/" SECRET, &rest) ==
              GUARD_OURS);
        CHECK(span_equals(rest, ""));
        CHECK(judge("[::1]:8600", NULL, NULL, "/" SECRET, &rest) == GUARD_OURS);
        CHECK(judge("LOCALHOST:8600", NULL, "none", "/" SECRET "/", &rest) == GUARD_OURS);
    }
    TEST("other hosts are refused") {
        static const char *const hosts[] = {
            NULL, "", "127.0.0.1", "127.0.0.1:8601", "evil.example", "127.1:8600", "localhost.evil:8600"};
        for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
            CHECK(judge(hosts[i], NULL, NULL, "/" SECRET "/", &rest) == GUARD_REFUSED);
    }
    TEST("other origins and sites are refused") {
        static const char *const origins[] = {"",
                                              "null",
                                              "http://evil.example",
                                              "https://127.0.0.1:8600",
                                              "http://localhost:8600",
                                              "http://127.0.0.1:8600.evil.example",
                                              "http://127.0.0.1:8600/",
                                              "http://127.0.0.1"};
        for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
            CHECK(judge("127.0.0.1:8600", origins[i], NULL, "/" SECRET "/", &rest) == GUARD_REFUSED);
        CHECK(judge("127.0.0.1:8600", NULL, "cross-site", "/" SECRET "/", &rest) == GUARD_REFUSED);
        CHECK(judge("127.0.0.1:8600", NULL, "same-site", "/" SECRET "/", &rest) == GUARD_REFUSED);
    }
}

static void test_links(void) {
    struct span rest;
    TEST("a link from another site may lead to the page only") {
        struct guard_request request = {.host = "127.0.0.1:8600",
                                        .site = "cross-site",
                                        .mode = "navigate",
                                        .path = span_of("/" SECRET "/")};
        CHECK(guard_judge(&request, SECRET, PORT, &rest) == GUARD_OURS);
        request.mode = "no-cors";
        CHECK(guard_judge(&request, SECRET, PORT, &rest) == GUARD_REFUSED);
        request.mode = "navigate";
        request.path = span_of("/" SECRET "/api/runs");
        CHECK(guard_judge(&request, SECRET, PORT, &rest) == GUARD_REFUSED);
        request.path = span_of("/" SECRET "/");
        request.origin = "http://evil.example";
        CHECK(guard_judge(&request, SECRET, PORT, &rest) == GUARD_REFUSED);
    }
}

static void test_paths(void) {
    struct span rest;
    struct text path = TEXT_INIT;
    TEST("paths without the secret are refused") {
        static const char *const paths[] = {
            "", "/", "//", "/" SECRET "0/", "x" SECRET, "/x/" SECRET "/", "//" SECRET "/"};
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
            CHECK(judge("127.0.0.1:8600", NULL, NULL, paths[i], &rest) == GUARD_REFUSED);
    }
    TEST("a signature is valid only for the signed path") {
        text_append_string(&path, GUARD_VIEW "a,b/");
        secret_sign(SECRET, span_of("a,b"), &path);
        CHECK(judge("127.0.0.1:8600", NULL, NULL, path.bytes, &rest) == GUARD_SIGNED);
        CHECK(span_equals(rest, "a,b"));
        CHECK(judge("evil.example", NULL, NULL, path.bytes, &rest) == GUARD_REFUSED);
        path.bytes[strlen(GUARD_VIEW)] = 'c';
        CHECK(judge("127.0.0.1:8600", NULL, NULL, path.bytes, &rest) == GUARD_REFUSED);
        CHECK(judge("127.0.0.1:8600", NULL, NULL, GUARD_VIEW, &rest) == GUARD_REFUSED);
        CHECK(judge("127.0.0.1:8600", NULL, NULL, GUARD_VIEW "a/", &rest) == GUARD_REFUSED);
    }
    text_release(&path);
}

int main(void) {
    test_secret();
    test_places();
    test_links();
    test_paths();
    return unit_end();
}
