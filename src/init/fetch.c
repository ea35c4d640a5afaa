#include "init/fetch.h"

#include "aws/s3.h"
#include "util/json.h"

void fetch_payload(struct aws_session *session, struct span payload_s3, struct payload_list *payloads,
                   struct text *problems) {
    if (!payload_s3.start)
        return;
    struct text uri = TEXT_INIT, bucket = TEXT_INIT, key = TEXT_INIT, content = TEXT_INIT, why = TEXT_INIT;
    struct text body = TEXT_INIT;
    size_t offset;
    json_decode_string(payload_s3, &uri);
    if (!s3_parse_uri(uri.bytes, &bucket, &key))
        text_append_format(problems, "payloadS3: '%s' is not s3://BUCKET/KEY\n", uri.bytes);
    else if (!s3_get_object(&session->settings, session->provider, session->lambda->region, bucket.bytes,
                            key.bytes, PAYLOAD_LIMIT + 1, &content, &why))
        text_append_format(problems, "payloadS3: %s: %s\n", uri.bytes, why.bytes);
    else if (!payload_body_of_content((struct span){text_string(&content), content.length}, &body, &offset)) {
        text_append_format(problems, "payloadS3: %s: ", uri.bytes);
        payload_describe_fault((struct span){text_string(&content), content.length}, offset, problems);
    } else if (payload_size_check(&body, problems))
        payload_list_single(payloads, &body);
    struct text *const texts[] = {&uri, &bucket, &key, &content, &why, &body};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        text_release(texts[i]);
}
