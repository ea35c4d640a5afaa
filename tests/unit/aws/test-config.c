/* aws/config and util/shellwords: the grammar of the shared files, and their profiles. */
#include "aws/config.h"
#include "unit/unit.h"
#include "util/shellwords.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[] = "/tmp/test-config.XXXXXX";

static void write_file(const char *variable, const char *name, const char *content) {
    char path[200];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(content, file) >= 0);
    if (file)
        fclose(file);
    setenv(variable, path, 1);
}

/* Reads a config file with this content. Compares "[section]name=value|" or the problem, with \n as /. */
static void check_parsed(const char *content, const char *wanted) {
    struct text problem = TEXT_INIT, got = TEXT_INIT, path = TEXT_INIT;
    write_file("AWS_CONFIG_FILE", "config", content);
    write_file("AWS_SHARED_CREDENTIALS_FILE", "credentials", "");
    struct aws_config *config = config_load(&problem);
    for (size_t i = 0; config && i < config->config.count; i++) {
        const struct config_section *section = &config->config.sections[i];
        text_append_format(&got, "[%s]", section->name);
        for (size_t j = 0; j < section->count; j++)
            text_append_format(&got, "%s=%s|", section->entries[j].name, section->entries[j].value);
    }
    for (size_t i = 0; i < got.length; i++)
        if (got.bytes[i] == '\n')
            got.bytes[i] = '/';
    text_append_format(&path, "'%s': ", getenv("AWS_CONFIG_FILE"));
    if (!config && strncmp(text_string(&problem), path.bytes, path.length) == 0)
        text_append_string(&got, problem.bytes + path.length);
    CHECK_TEXT(text_string(&got), wanted);
    config_free(config);
    text_release(&path);
    text_release(&problem);
    text_release(&got);
}

static void check_grammar(void) {
    check_parsed("", "");
    check_parsed("[a]\nb = c\n[d]\ne: f\n", "[a]b=c|[d]e=f|");
    check_parsed("[a]\r\nB\t=  c d  \r\n\r\n", "[a]b=c d|");
    check_parsed("# x\n ; y\n[a]\n# z\nb=c # not a comment", "[a]b=c # not a comment|");
    check_parsed("[a]\nb=c\n  d\n\n  e\nf=g", "[a]b=c/d//e|f=g|");
    check_parsed("[a]\ns3 =\n  x = 1\n  # in between\n  y=2\nr=s", "[a]s3=/x = 1/y=2|r=s|");
    check_parsed("  [a]\n  b=c\n  d=e", "[a]b=c|d=e|");
    check_parsed("\n\n[a]\n\nb=c\n\n[d]\n", "[a]b=c|[d]");
    check_parsed("[DEFAULT]\na=b\n[x]\nc=d\n[DEFAULT]\ne=f\n", "[DEFAULT]a=b|e=f|[x]c=d|");
    check_parsed("[a] trailing\nb=c=d:e", "[a]b=c=d:e|");
}

static void check_refusals(void) {
    check_parsed("a=b", "line 1: text before the first section");
    check_parsed("[a]\nb=c\n[a]", "line 3: duplicate section");
    check_parsed("[a]\nb=c\nB=d", "line 3: duplicate name in this section");
    check_parsed("[a]\nb", "line 2: neither a section nor 'name = value'");
    check_parsed("[a]\n=b", "line 2: no name before the '='");
    check_parsed("[a]\ns3 =\n  no equals\n", "line 3: a line of the nested value has no '='");
    check_parsed("[a]\ns3 =\n  no equals\n[b]\n", "line 4: a line of the nested value has no '='");
    check_parsed("[a]\nb=\xff", "not UTF-8");
}

static struct aws_config *load(const char *config, const char *credentials) {
    struct text problem = TEXT_INIT;
    write_file("AWS_CONFIG_FILE", "config", config);
    write_file("AWS_SHARED_CREDENTIALS_FILE", "credentials", credentials);
    struct aws_config *loaded = config_load(&problem);
    CHECK_TEXT(text_string(&problem), "");
    text_release(&problem);
    return loaded;
}

static void check_profiles(void) {
    struct aws_config *config =
        load("[DEFAULT]\noutput = json\n[default]\nregion = r0\n[profile a]\nregion = r1\n"
             "[profile \"b c\"]\nregion = r2\ns3 =\n  x = 1\n[other]\nregion = r3\n",
             "[a]\nregion = k1\n[only]\nx = y\n");
    if (!config)
        return;
    CHECK_TEXT(config_value(config, "default", "region"), "r0");
    CHECK_TEXT(config_value(config, "a", "region"), "k1");
    CHECK_TEXT(config_value(config, "b c", "region"), "r2");
    CHECK_TEXT(config_value(config, "a", "output"), "json");
    CHECK_TEXT(config_value(config, "only", "x"), "y");
    CHECK(!config_value(config, "b c", "s3") && !config_value(config, "other", "region"));
    CHECK(config_has_profile(config, "b c") && config_has_profile(config, "only"));
    CHECK(!config_has_profile(config, "other") && !config_has_profile(config, "output"));
    config_free(config);
}

static void check_services(void) {
    struct aws_config *config =
        load("[services local]\nlambda =\n  endpoint_url = http://one\ns3 =\n  other = x\n", "");
    struct text url = TEXT_INIT;
    bool exists = false;
    if (!config)
        return;
    CHECK(config_service_value(config, "local", "lambda", "endpoint_url", &exists, &url) && exists);
    CHECK_TEXT(text_string(&url), "http://one");
    CHECK(!config_service_value(config, "local", "s3", "endpoint_url", &exists, &url) && exists);
    CHECK(!config_service_value(config, "far", "lambda", "endpoint_url", &exists, &url) && !exists);
    text_release(&url);
    config_free(config);
}

static void check_missing(void) {
    struct text problem = TEXT_INIT;
    setenv("AWS_CONFIG_FILE", "/nowhere/config", 1);
    struct aws_config *config = config_load(&problem);
    CHECK(config && config->config_error && !config_value(config, "default", "region"));
    config_free(config);
    write_file("AWS_CONFIG_FILE", "config", "[a\n");
    CHECK(!config_load(&problem) &&
          strstr(text_string(&problem), "/config': line 1: text before the first section"));
    text_release(&problem);
}

static void check_expanded(const char *path, const char *wanted) {
    struct text out = TEXT_INIT;
    path_expand(path, &out);
    CHECK_TEXT(text_string(&out), wanted);
    text_release(&out);
}

/* The system's home directory of the user; a container may run as a user that the system does not know. */
static void check_home(const char *path, const struct passwd *user, const char *rest) {
    struct text wanted = TEXT_INIT;
    text_append_format(&wanted, "%s%s", user ? user->pw_dir : "~", rest);
    check_expanded(path, wanted.bytes);
    text_release(&wanted);
}

static void check_words(const char *line, const char *wanted) {
    struct words words;
    struct text got = TEXT_INIT;
    if (words_split(line, &words)) {
        for (size_t i = 0; i < words.count; i++)
            text_append_format(&got, "<%s>", words.words[i]);
        CHECK(!words.words[words.count]);
        words_release(&words);
    } else {
        text_append_string(&got, "refused");
    }
    CHECK_TEXT(text_string(&got), wanted);
    text_release(&got);
}

int main(void) {
    if (!mkdtemp(directory))
        return 99;
    TEST("sections, names, values, comments, continuations and line endings are parsed") {
        check_grammar();
    }
    TEST("a syntax error is reported with its line") {
        check_refusals();
    }
    TEST("profiles are found by name, and the credentials file takes precedence") {
        check_profiles();
    }
    TEST("a services section sets a service's endpoint") {
        check_services();
    }
    TEST("a missing file counts as empty, and an invalid one is an error that names it") {
        check_missing();
    }
    TEST("paths are expanded: the home directory and variables") {
        setenv("HOME", "/home/me", 1);
        setenv("NAME", "x", 1);
        unsetenv("NOBODY");
        check_expanded("~/.aws", "/home/me/.aws");
        check_expanded("~", "/home/me");
        check_expanded("/a/~/b", "/a/~/b");
        check_expanded("/$NAME/${NAME}y$NOBODY$", "/x/xy$NOBODY$");
        check_expanded("${NAME", "${NAME");
        check_expanded("~nobody-has-this-name/b", "~nobody-has-this-name/b");
        check_home("~root/b", getpwnam("root"), "/b");
        unsetenv("HOME");
        check_home("~/b", getpwuid(getuid()), "/b");
    }
    TEST("words are split as in a shell") {
        check_words("", "");
        check_words(" a  b\tc\n", "<a><b><c>");
        check_words("'a b' \"c \\\" \\\\ \\d\" e\\ f g'h'\"i\" ''", "<a b><c \" \\ \\d><e f><ghi><>");
        check_words("a 'b", "refused");
        check_words("a \"b", "refused");
        check_words("a\\", "refused");
    }
    unlink(getenv("AWS_CONFIG_FILE"));
    unlink(getenv("AWS_SHARED_CREDENTIALS_FILE"));
    rmdir(directory);
    return unit_end();
}
