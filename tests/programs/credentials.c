/* Prints the credentials that the environment and the files give, a JSON object per line:
 *
 *     credentials [--profile NAME] [--region NAME] [--times N] [--advance SECONDS] [--refuse] [--identity]
 *
 * --times resolves them N times; --advance moves the clock forward by SECONDS between two times; --refuse
 * marks them as refused by AWS after each time; --identity asks STS for the caller identity instead. */
#include "aws/credentials/credentials.h"
#include "aws/credentials/sts.h"
#include "aws/http.h"
#include "util/diagnostics.h"
#include "util/json.h"
#include "util/lines.h"
#include "util/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
    struct aws_options options;
    long long times, advance;
    bool refuse, identity;
};

static void parse(int argc, char **argv, struct arguments *arguments) {
    static const struct program program = {"credentials", "see tests/programs/credentials.c\n", "", 0};
    const struct option_row rows[] = {
        OPTION_STRING("profile", "NAME", &arguments->options.profile, ""),
        OPTION_STRING("region", "REGION", &arguments->options.region, ""),
        OPTION_WHOLE("times", "N", &arguments->times, 1, 1000, ""),
        OPTION_WHOLE("advance", "S", &arguments->advance, 0, 1000000, ""),
        OPTION_FLAG("refuse", &arguments->refuse, ""),
        OPTION_FLAG("identity", &arguments->identity, ""),
        OPTION_END,
    };
    options_parse(&program, argc, argv, rows);
}

static bool print_once(struct credentials_provider *provider, time_t now, struct output *output) {
    const struct credentials *credentials;
    struct text line = TEXT_INIT, problem = TEXT_INIT;
    bool found = credentials_get(provider, now, &credentials, &problem);
    if (found) {
        text_append_byte(&line, '{');
        json_put_string(&line, "id", credentials->access_key_id);
        json_put_string(&line, "secret", credentials->secret_access_key);
        json_put_string(&line, "token", credentials->session_token);
        json_put_boolean(&line, "expires", credentials->expiration != 0);
        json_put_string(&line, "source", credentials->source);
        text_append_byte(&line, '}');
        output_line(output, line.bytes, line.length);
    } else {
        output_flush(output);
        report_error("%s", text_string(&problem));
    }
    text_release(&line);
    text_release(&problem);
    return found;
}

static bool print_identity(const struct aws_settings *settings, struct credentials_provider *provider,
                           struct output *output) {
    struct text arn = TEXT_INIT, problem = TEXT_INIT;
    bool known = sts_caller_identity(settings, provider, settings->region, &arn, &problem);
    if (known)
        output_line(output, text_string(&arn), arn.length);
    else
        report_error("%s", text_string(&problem));
    text_release(&arn);
    text_release(&problem);
    return known;
}

int main(int argc, char **argv) {
    struct arguments arguments = {.times = 1};
    struct aws_settings settings;
    struct text problem = TEXT_INIT;
    struct output output;
    diagnostics_program("credentials");
    parse(argc, argv, &arguments);
    output_open(&output, STDOUT_FILENO);
    if (!http_start() || !settings_load(&settings, &arguments.options, &problem)) {
        report_error("%s", text_string(&problem));
        text_release(&problem);
        return output_finish(&output, STATUS_USAGE);
    }
    struct credentials_provider *provider = credentials_provider_new(&settings);
    int status = STATUS_DONE;
    time_t now = time(NULL);
    for (long long i = 0; i < arguments.times; i++, now += arguments.advance) {
        if (arguments.identity ? !print_identity(&settings, provider, &output)
                               : !print_once(provider, now, &output))
            status = STATUS_FAILED;
        if (arguments.refuse)
            credentials_expired(provider);
    }
    credentials_provider_free(provider);
    settings_release(&settings);
    http_end();
    return output_finish(&output, status);
}
