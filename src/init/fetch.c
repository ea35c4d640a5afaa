#include "init/fetch.h"

#include "aws/s3.h"
#include "init/payloads.h"
#include "util/json.h"

void fetch_payload(struct aws_session *session, const struct tuning_input *input, long long warmup,
                   struct payload_list *payloads, struct text *problems, struct text *warnings) {
    struct span payload_s3 = input->payload_s3;
    if (!payload_s3.start)
        return;
    struct text uri = TEXT_INIT, bucket = TEXT_INIT, key = TEXT_INIT, content = TEXT_INIT, why = TEXT_INIT;
    json_decode_string(payload_s3, &uri);
    if (!s3_parse_uri(uri.bytes, &bucket, &key))
        text_append_format(problems, "payloadS3: '%s' is not s3://BUCKET/KEY\n", uri.bytes);
    else if (!s3_get_object(&session->settings, session->provider, session->lambda->region, bucket.bytes,
                            key.bytes, PAYLOAD_OBJECT_LIMIT, &content, &why))
        text_append_format(problems, "payloadS3: %s: %s\n", uri.bytes, why.bytes);
    else {
        struct span object = {text_string(&content), content.length};
        payloads_read_content(input, warmup, object, payloads, problems);
        payload_warn("payloadS3", object, warnings);
    }
    struct text *const texts[] = {&uri, &bucket, &key, &content, &why};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_release(texts[i]);
}
