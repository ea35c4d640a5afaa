/* Fuzzes the parser of pt-init's input: the object, its payloads and the function's name. */
#include "fuzz/fuzz.h"

#include "aws/arn.h"
#include "tune/input.h"
#include "tune/payload.h"
#include "util/json.h"

enum { INVOCATIONS = 5 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    struct text problems = TEXT_INIT, warnings = TEXT_INIT;
    struct tuning_input input = {0};
    struct payload_list payloads = {0};
    struct function_name name;
    struct span object;
    if (json_check((struct span){(const char *)bytes, length}, &object, NULL)) {
        if (tuning_input_read(object, &input, &problems, &warnings))
            payload_list_read(input.payload, input.num, &payloads, &problems);
        for (long long index = 0; index < INVOCATIONS && payloads.count; index++)
            payload_of(&payloads, &(struct payload_demand){INVOCATIONS, 0, 1}, 0, index, false);
        if (input.lambda_arn.start &&
            function_name_parse((struct span){input.lambda_arn.start + 1, input.lambda_arn.length - 2}, &name,
                                &problems))
            function_name_release(&name);
    }
    payload_list_release(&payloads);
    tuning_input_release(&input);
    text_release(&problems);
    text_release(&warnings);
    return 0;
}
