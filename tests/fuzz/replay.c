/* Runs a fuzzer once on each given file, without libFuzzer. */
#include "fuzz/fuzz.h"

#include "util/diagnostics.h"
#include "util/files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { INPUT_LIMIT = 1024 * 1024 };

int main(int argc, char **argv) {
    diagnostics_program("replay");
    for (int i = 1; i < argc; i++) {
        struct text input = TEXT_INIT;
        if (!file_read(argv[i], INPUT_LIMIT, &input)) {
            report_error("cannot read '%s': %s", argv[i], strerror(errno));
            return STATUS_USAGE;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)text_string(&input), input.length);
        text_release(&input);
    }
    printf("%d inputs\n", argc - 1);
    return STATUS_DONE;
}
