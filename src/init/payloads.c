#include "init/payloads.h"

#include "init/event-files.h"
#include "util/json.h"

static struct payload_demand demand_of(const struct tuning_input *input, long long warmup) {
    return (struct payload_demand){input->dry_run ? 1 : input->num, warmup, input->memory_size_count};
}

static bool refuse_weighted(const struct tuning_input *input, struct text *problems) {
    text_append_format(problems, "payloads: a weighted list cannot be used as \"%s\"\n",
                       payload_use_name(input->payload_use));
    return false;
}

/* A payload that is a list of events, because the input says how to use them. */
static bool read_events(const struct tuning_input *input, long long warmup, struct span value,
                        struct payload_list *list, struct text *problems) {
    struct payload_demand demand = demand_of(input, warmup);
    if (payload_is_weighted_list(value)) {
        if (input->payload_use == PAYLOAD_WEIGHTED)
            return payload_list_read(value, input->num, list, problems);
        return refuse_weighted(input, problems);
    }
    if (json_type(value) != JSON_ARRAY) {
        text_append_format(problems, "payloads: the payload is %s, not a list\n",
                           json_type_name(json_type(value)));
        return false;
    }
    return payload_list_add_elements(list, value, problems) &&
           payload_list_settle(list, input->payload_use, &demand, problems);
}

static bool read_files(const struct tuning_input *input, long long warmup, struct payload_list *list,
                       struct text *problems) {
    struct payload_demand demand = demand_of(input, warmup);
    struct text path = TEXT_INIT, member = TEXT_INIT;
    json_decode_string(input->payload_file, &path);
    if (input->payload_member.start)
        json_decode_string(input->payload_member, &member);
    bool read = event_files_read(text_string(&path), input->payload_member.start ? member.bytes : NULL,
                                 input->num, list, problems);
    enum payload_use use = input->payload_use ? input->payload_use : PAYLOAD_IN_TURN;
    if (read && list->use == PAYLOAD_WEIGHTED)
        read = input->payload_use <= PAYLOAD_WEIGHTED || refuse_weighted(input, problems);
    else
        read = read && payload_list_settle(list, use, &demand, problems);
    text_release(&path);
    text_release(&member);
    return read;
}

bool payloads_read(const struct tuning_input *input, long long warmup, struct payload_list *list,
                   struct text *problems) {
    if (input->payload_s3.start)
        return true;
    if (input->payload_file.start)
        return read_files(input, warmup, list, problems);
    if (input->payload_use)
        return read_events(input, warmup, input->payload, list, problems);
    return payload_list_read(input->payload, input->num, list, problems);
}

bool payloads_read_content(const struct tuning_input *input, long long warmup, struct span content,
                           struct payload_list *list, struct text *problems) {
    struct span value;
    if (input->payload_use && json_check(content, &value, NULL))
        return read_events(input, warmup, value, list, problems);
    return payload_list_read_content(content, input->num, list, problems);
}
