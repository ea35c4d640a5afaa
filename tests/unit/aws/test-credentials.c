/* aws/credentials: the parts that need no server. tests/credentials.bats tests the sources over sockets. */
#include "aws/credentials/internal.h"
#include "unit/unit.h"
#include "util/subprocess.h"

#include <errno.h>
#include <stdlib.h>

static void check_time(const char *text, long long wanted) {
    if ((long long)parse_timestamp(text) != wanted) {
        printf("# %s: %lld\n", text, (long long)parse_timestamp(text));
        unit_fail(__FILE__, __LINE__, "times differ");
    }
}

static void check_times(void) {
    check_time("1970-01-01T00:00:00Z", 0);
    check_time("2024-02-29T12:34:56Z", 1709210096);
    check_time("2024-02-29T12:34:56.789Z", 1709210096);
    check_time("2024-02-29T12:34:56UTC", 1709210096);
    check_time("2024-02-29T12:34:56+00:00", 1709210096);
    check_time("2024-02-29T14:34:56+02:00", 1709210096);
    check_time("2024-02-29T07:04:56-05:30", 1709210096);
    static const char *const bad[] = {"",
                                      "2024",
                                      "2024-02-29",
                                      "2024-02-29T12:34:56",
                                      "2024-02-29T12:34:56X",
                                      "2024-02-29T12:34:56.Z",
                                      "2024-13-01T00:00:00Z",
                                      "2024-02-29T12:34:56+1:0x",
                                      "yesterday",
                                      "2024-02-29T12:34:56Z "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check_time(bad[i], -1);
}

static void check_json(const char *text, bool good, const char *wanted) {
    struct credentials credentials = {0};
    struct text why = TEXT_INIT;
    CHECK(credentials_from_json(text, strlen(text), "Token", &credentials, &why) == good);
    CHECK_TEXT(good ? credentials.access_key_id : text_string(&why), wanted);
    credentials_wipe(&credentials);
    CHECK(!credentials.access_key_id && !credentials.secret_access_key);
    text_release(&why);
}

static void check_json_forms(void) {
    check_json("{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\"}", true, "a");
    check_json("{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\",\"Token\":null,\"Expiration\":\"2030-01-"
               "01T00:00:00Z\"}",
               true, "a");
    check_json("{\"AccessKeyId\":\"a\"}", false, "the response has no SecretAccessKey");
    check_json("{\"SecretAccessKey\":\"a\"}", false, "the response has no AccessKeyId");
    check_json("{\"AccessKeyId\":1,\"SecretAccessKey\":\"b\"}", false, "the response has no AccessKeyId");
    check_json("{\"AccessKeyId\":\"a\\u0000b\",\"SecretAccessKey\":\"b\"}", false,
               "the response has no AccessKeyId");
    check_json("{\"AccessKeyId\":\"a\",\"SecretAccessKey\":\"b\",\"Expiration\":\"soon\"}", false,
               "Expiration 'soon' is not a time");
    check_json("{\"Code\":\"AssumeRoleUnauthorizedAccess\",\"Message\":\"EC2 cannot\"}", false,
               "AssumeRoleUnauthorizedAccess: EC2 cannot");
    check_json("[]", false, "the response is not a JSON object");
    check_json("<html>", false, "the response is not a JSON object");
}

static void check_environment_end(void) {
    struct aws_settings settings = {.profile = (char[]){"default"}};
    struct text problem = TEXT_INIT;
    const struct credentials *credentials = NULL;
    setenv("AWS_ACCESS_KEY_ID", "AKID", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "secret", 1);
    setenv("AWS_CREDENTIAL_EXPIRATION", "1970-01-01T01:00:00Z", 1);
    struct credentials_provider *provider = credentials_provider_new(&settings);
    CHECK(credentials_get(provider, 0, &credentials, &problem) && credentials->expiration == 3600);
    CHECK(credentials_get(provider, 3599, &credentials, &problem));
    CHECK(!credentials_get(provider, 3700, &credentials, &problem));
    CHECK_TEXT(text_string(&problem), "credentials: cannot renew the credentials from environment: the "
                                      "credentials from environment have expired");
    CHECK(!credentials_expired(provider));
    credentials_provider_free(provider);
    text_release(&problem);
    unsetenv("AWS_CREDENTIAL_EXPIRATION");
}

static void check_process(const char *script, size_t limit, int wanted_status, const char *wanted_output,
                          const char *wanted_errors) {
    char copy[200];
    snprintf(copy, sizeof copy, "%s", script);
    char *arguments[] = {(char[]){"sh"}, (char[]){"-c"}, copy, NULL};
    struct text output = TEXT_INIT, errors = TEXT_INIT;
    int status = -1;
    CHECK(process_run(arguments, limit, 0, &status, &output, &errors));
    CHECK(status == wanted_status);
    CHECK_TEXT(text_string(&output), wanted_output);
    CHECK_TEXT(text_string(&errors), wanted_errors);
    text_release(&output);
    text_release(&errors);
}

static void check_processes(void) {
    check_process("echo out; echo err >&2; exit 7", 100, 7, "out\n", "err\n");
    check_process("kill -9 $$", 100, 137, "", "");
    check_process("cat", 100, 0, "", "");
    check_process("while :; do echo 12345; done", 10, 143, "12345\n1234", "");
    struct text output = TEXT_INIT, errors = TEXT_INIT;
    int status = 0;
    char *missing[] = {(char[]){"/no/such/program"}, NULL};
    /* valgrind makes a fork of a vfork, so that the parent cannot see why exec failed: 127, as in a shell. */
    bool run = process_run(missing, 100, 0, &status, &output, &errors);
    CHECK(run ? status == 127 : errno == ENOENT);
    text_release(&output);
    text_release(&errors);
}

static void check_fixed(void) {
    struct aws_settings settings = {0};
    struct credentials given = {(char[]){"id"}, (char[]){"secret"}, NULL, 5, (char[]){"here"}};
    struct credentials_provider *provider = credentials_provider_fixed(&settings, &given);
    const struct credentials *credentials = NULL;
    CHECK(credentials_get(provider, 1000000, &credentials, NULL));
    CHECK_TEXT(credentials->access_key_id, "id");
    CHECK(!credentials->session_token && !credentials_expired(provider));
    credentials_provider_free(provider);
    credentials_provider_free(NULL);
}

int main(void) {
    TEST("every form of time that the sources use is parsed, and no other") {
        check_times();
    }
    TEST("credentials in JSON need both keys, and errors are described") {
        check_json_forms();
    }
    TEST("keys from the environment are not used after they expire") {
        check_environment_end();
    }
    TEST("a process runs without input, and its output (up to the limit) and its status are returned") {
        check_processes();
    }
    TEST("fixed credentials do not change") {
        check_fixed();
    }
    return unit_end();
}
