"""Every endpoint that botocore's data lists for Lambda, S3, STS and CloudWatch Logs: endpoints.py REQUESTS URLS

REQUESTS are lines for tests/programs/endpoint, URLS what botocore's rule sets answer ("-": none), with the region that
is signed for, after those of STS.
"""
import itertools
import sys

import botocore.exceptions
import botocore.session
from botocore.endpoint_provider import EndpointProvider


def resolve(provider, service, region, fips, dualstack, legacy):
    parameters = {"Region": region, "UseFIPS": fips, "UseDualStack": dualstack}
    if service == "sts":
        parameters["UseGlobalEndpoint"] = legacy
    try:
        endpoint = provider.resolve_endpoint(**parameters)
    except botocore.exceptions.EndpointProviderError:
        return "-"
    if service != "sts":
        return endpoint.url
    schemes = endpoint.properties.get("authSchemes", [{}])
    return f"{endpoint.url} {schemes[0].get('signingRegion', region)}"


def main():
    session = botocore.session.Session()
    loader = session.get_component("data_loader")
    partitions = loader.load_data("partitions")
    # Names of a whole partition are in no ARN and no region's; STS's "aws-global" is what a missing region means.
    regions = [name for partition in partitions["partitions"] for name in partition["regions"]
               if not name.endswith("-global")] + ["eu-west-9", "us-gov-north-1", "mars-1"]
    with open(sys.argv[1], "w") as requests, open(sys.argv[2], "w") as urls:
        for service in ("lambda", "s3", "sts", "logs"):
            provider = EndpointProvider(loader.load_service_model(service, "endpoint-rule-set-1"), partitions)
            for region, fips, dualstack, legacy in itertools.product(
                    regions + (["aws-global"] if service == "sts" else []), *[(False, True)] * 3):
                if region == "aws-global" and (fips or dualstack):
                    continue
                requests.write(f"{service} {region} {fips:d} {dualstack:d} {legacy:d}\n")
                urls.write(resolve(provider, service, region, fips, dualstack, legacy) + "\n")


main()
