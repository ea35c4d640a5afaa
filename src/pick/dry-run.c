#include "pick/dry-run.h"

#include "tune/fault.h"
#include "tune/record.h"
#include "tune/reportline.h"
#include "util/diagnostics.h"

#include <stddef.h>

bool dry_run_add(struct dry_run *run, struct span object, struct text *problem) {
    struct members {
        double memory_mb;
        struct span status_code, function_error, error_type, message;
    } members = {0};
    static const struct field fields[] = {
        {"power", FIELD_NUMBER, offsetof(struct members, memory_mb), true, 1, MAX_REPORT_MB},
        {"statusCode", FIELD_VALUE, offsetof(struct members, status_code), false, 0, 0},
        {"functionError", FIELD_STRING, offsetof(struct members, function_error), false, 0, 0},
        {"errorType", FIELD_STRING, offsetof(struct members, error_type), false, 0, 0},
        {"message", FIELD_STRING, offsetof(struct members, message), false, 0, 0}};
    if (!record_fields(object, fields, sizeof fields / sizeof *fields, &members, problem))
        return false;
    json_separate(&run->invocations);
    text_append_byte(&run->invocations, '{');
    json_put_number(&run->invocations, "power", members.memory_mb);
    json_put_value(&run->invocations, "statusCode", members.status_code);
    json_put_value(&run->invocations, "functionError", members.function_error);
    text_append_byte(&run->invocations, '}');
    if (!members.function_error.start)
        return true;
    struct text error = TEXT_INIT;
    json_decode_string(members.error_type.start ? members.error_type : members.function_error, &error);
    if (members.message.start) {
        text_append_string(&error, ": ");
        json_decode_string(members.message, &error);
    }
    report_error("dry run: the function failed at %g MB: %s", members.memory_mb, text_string(&error));
    text_release(&error);
    fault_report(object);
    run->failures++;
    return true;
}
