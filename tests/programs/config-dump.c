/* config-dump FILE...: prints each shared config file as a line of JSON,
 * {"SECTION":{"NAME":"VALUE",...},...}, with nested values unchanged; or {"error":"..."}. */
#include "aws/config.h"
#include "util/json.h"
#include "util/lines.h"

#include <stdlib.h>
#include <unistd.h>

static void print_sections(const struct config_file *file, struct text *out) {
    for (size_t i = 0; i < file->count; i++) {
        const struct config_section *section = &file->sections[i];
        json_separate(out);
        json_append_string(out, span_of(section->name));
        text_append_string(out, ":{");
        for (size_t j = 0; j < section->count; j++) {
            json_separate(out);
            json_append_string(out, span_of(section->entries[j].name));
            text_append_byte(out, ':');
            json_append_string(out, span_of(section->entries[j].value));
        }
        text_append_byte(out, '}');
    }
}

static void print_file(const char *path, struct text *out) {
    struct text problem = TEXT_INIT;
    setenv("AWS_CONFIG_FILE", path, 1);
    struct aws_config *config = config_load(&problem);
    text_append_byte(out, '{');
    if (!config)
        json_put_string(out, "error", text_string(&problem));
    else if (config->config_error)
        json_put_string(out, "error", "cannot be read");
    else
        print_sections(&config->config, out);
    text_append_byte(out, '}');
    config_free(config);
    text_release(&problem);
}

int main(int argc, char **argv) {
    struct output output;
    setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null", 1);
    output_open(&output, STDOUT_FILENO);
    for (int i = 1; i < argc; i++) {
        struct text out = TEXT_INIT;
        print_file(argv[i], &out);
        output_line(&output, out.bytes, out.length);
        text_release(&out);
    }
    return output_finish(&output, 0);
}
