#include "aws/endpoint.h"
#include "util/url.h"
#include "util/words.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* One partition of AWS: regions that share accounts, domain names and the currency of prices. */
struct aws_partition {
    const char *name;                 /* as in an ARN: "aws", "aws-cn" */
    const char *region_prefix;        /* prefix of its regions; "" for "aws" */
    const char *dns_suffix;           /* "amazonaws.com" */
    const char *dualstack_dns_suffix; /* "api.aws" */
};

static const struct aws_partition partitions[] = {
    {"aws-cn", "cn-", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"aws-us-gov", "us-gov-", "amazonaws.com", "api.aws"},
    {"aws-iso", "us-iso-", "c2s.ic.gov", "api.aws.ic.gov"},
    {"aws-iso-b", "us-isob-", "sc2s.sgov.gov", "api.aws.scloud"},
    {"aws-iso-e", "eu-isoe-", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"aws-iso-f", "us-isof-", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"aws-eusc", "eusc-de-", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"aws", "", "amazonaws.com", "api.aws"},
};

/* The regions that at first had no STS endpoint of their own. */
static const char *const global_sts_regions[] = {
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "aws-global", "ca-central-1",
    "eu-central-1",   "eu-north-1", "eu-west-1",      "eu-west-2",      "eu-west-3",  "sa-east-1",
    "us-east-1",      "us-east-2",  "us-west-1",      "us-west-2"};

/* botocore's names for a whole partition, such as "aws-cn-global". */
static bool is_global_name(const struct aws_partition *partition, const char *region) {
    size_t length = strlen(partition->name);
    return strncmp(region, partition->name, length) == 0 && strcmp(region + length, "-global") == 0;
}

/* The partition that `region` belongs to; never NULL. */
static const struct aws_partition *partition_of_region(const char *region) {
    const struct aws_partition *partition = partitions;
    while (*partition->region_prefix && !is_global_name(partition, region) &&
           strncmp(region, partition->region_prefix, strlen(partition->region_prefix)) != 0)
        partition++;
    return partition;
}

/* A region becomes part of a host name, so anything that could end that name, or form another one, is
 * refused. */
static bool is_region_name(const char *region) {
    size_t length = strlen(region);
    if (!length || length > 63 || region[0] == '-' || region[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!isascii((unsigned char)region[i]) || (!isalnum((unsigned char)region[i]) && region[i] != '-'))
            return false;
    return true;
}

static bool check_region(const char *region, struct text *problem) {
    if (!region || !*region) {
        text_append_string(problem, "no region: use --region, AWS_REGION or the profile's region");
        return false;
    }
    if (!is_region_name(region)) {
        text_append_format(problem, "'%s' is not the name of a region", region);
        return false;
    }
    return true;
}

/* Services whose ordinary endpoint is FIPS-validated: in the partition aws-us-gov STS, and CloudWatch Logs in
 * its first two regions. */
static bool has_fips_unnamed(const char *service, const char *region) {
    if (strcmp(service, "logs") == 0)
        return strcmp(region, "us-gov-east-1") == 0 || strcmp(region, "us-gov-west-1") == 0;
    return strcmp(service, "sts") == 0 && strcmp(partition_of_region(region)->name, "aws-us-gov") == 0;
}

static void append_standard_url(const struct aws_settings *settings, const char *service, const char *region,
                                struct text *url) {
    const struct aws_partition *partition = partition_of_region(region);
    bool s3 = strcmp(service, "s3") == 0;
    bool fips_by_name = settings->fips && (settings->dualstack || !has_fips_unnamed(service, region));
    text_append_format(url, "https://%s%s", service, fips_by_name ? "-fips" : "");
    if (s3 && settings->dualstack)
        text_append_string(url, ".dualstack");
    text_append_format(url, ".%s.%s", region,
                       settings->dualstack && !s3 ? partition->dualstack_dns_suffix : partition->dns_suffix);
}

static bool append_custom_url(const struct aws_settings *settings, const char *custom, struct text *url,
                              struct text *problem) {
    size_t length = strlen(custom);
    size_t scheme = strncasecmp(custom, "https://", 8) == 0  ? 8
                    : strncasecmp(custom, "http://", 7) == 0 ? 7
                                                             : 0;
    if (url_may_have_secret(custom)) {
        text_append_string(problem, "endpoint '");
        text_append_url(problem, custom);
        text_append_string(problem, "': a user name, password or query is not supported in its URL");
        return false;
    }
    if (!scheme || !custom[scheme] || custom[scheme] == '/' || has_control(custom)) {
        text_append_format(problem, "'%s' is not the URL of an endpoint (http:// or https:// and a host)",
                           custom);
        return false;
    }
    if (settings->fips || settings->dualstack) {
        text_append_format(problem, "endpoint '%s': a custom endpoint cannot be combined with %s", custom,
                           settings->fips ? "FIPS" : "dual-stack");
        return false;
    }
    while (custom[length - 1] == '/')
        length--;
    text_append(url, custom, length);
    return true;
}

static enum aws_service service_of_name(const char *service) {
    return strcmp(service, "s3") == 0     ? AWS_S3
           : strcmp(service, "sts") == 0  ? AWS_STS
           : strcmp(service, "logs") == 0 ? AWS_LOGS
                                          : AWS_LAMBDA;
}

bool endpoint_url(const struct aws_settings *settings, const char *service, const char *region,
                  struct text *url, bool *custom, struct text *problem) {
    const char *configured = settings->endpoint_url;
    if (!configured)
        configured = settings->endpoint_urls[service_of_name(service)];
    if (custom)
        *custom = configured != NULL;
    if (!check_region(region, problem))
        return false;
    if (configured)
        return append_custom_url(settings, configured, url, problem);
    if (settings->fips && strcmp(service, "s3") == 0 &&
        strcmp(partition_of_region(region)->name, "aws-cn") == 0) {
        text_append_format(problem, "S3 has no FIPS endpoint in %s", region);
        return false;
    }
    append_standard_url(settings, service, region, url);
    return true;
}

static bool has_global_sts(const struct aws_settings *settings, const char *region) {
    if (settings->fips || settings->dualstack)
        return false;
    if (strcmp(region, "aws-global") == 0)
        return true;
    return settings->sts_global && WORD_INDEX(region, global_sts_regions) >= 0;
}

bool endpoint_url_of_sts(const struct aws_settings *settings, const char *region, struct text *url,
                         const char **signing_region, struct text *problem) {
    if (!check_region(region, problem))
        return false;
    *signing_region = region;
    if (settings->endpoint_urls[AWS_STS])
        return append_custom_url(settings, settings->endpoint_urls[AWS_STS], url, problem);
    if (has_global_sts(settings, region)) {
        *signing_region = "us-east-1";
        text_append_string(url, "https://sts.amazonaws.com");
    } else {
        append_standard_url(settings, "sts", region, url);
    }
    return true;
}
