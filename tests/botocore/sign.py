"""Random requests and what botocore signs them with: sign.py COUNT REQUESTS AUTHORIZATIONS

Writes COUNT requests, as tests/programs/sign reads them, to the file REQUESTS and botocore's Authorization headers to
the file AUTHORIZATIONS. The same on every run.
"""
import datetime
import hashlib
import json
import random
import sys
from urllib.parse import quote, urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ALPHABET = "abcXYZ019-._~ !\"#$%&'()*+,/:;<=>?@[]^`{|}é€😀"


def word(rng, longest=12):
    return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, longest)))


def lambda_path(rng):
    arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{rng.choice(['f', 'my-function', 'a_b'])}"
    name = rng.choice([arn, arn + ":7", arn + ":live", "plain", word(rng)])
    path = f"/2015-03-31/functions/{quote(name, safe=rng.choice(['', ':', '~']))}"
    return path + rng.choice(["", "/", "/versions", "/invocations", "/aliases/" + quote(word(rng), safe="")])


def s3_path(rng):
    return "/" + quote("/".join(word(rng) for _ in range(rng.randint(1, 4))), safe="/~")


def odd_path(rng):
    # Not with a dot segment at the end: "/a/b/.." is "/a/" in RFC 3986 and "/a" in botocore, and no AWS path has one.
    segments = [rng.choice(["", ".", "..", "a", "b%20c", "..."]) for _ in range(rng.randint(0, 6))]
    return "/" + "/".join(segments + [rng.choice(["end", ""])] if not segments or segments[-1] not in (".", "..")
                          else segments + ["end"])


def query(rng):
    pairs = [(word(rng, 5), rng.choice(["", word(rng)])) for _ in range(rng.randint(0, 4))]
    return "&".join(quote(name, safe="-_.~") + "=" + quote(value, safe="-_.~") for name, value in pairs)


def signed(rng, now):
    service = rng.choice(["lambda", "lambda", "s3"])
    path = odd_path(rng) if rng.random() < 0.2 else s3_path(rng) if service == "s3" else lambda_path(rng)
    url = f"https://{rng.choice(['lambda.eu-west-1.amazonaws.com', 'bucket.s3.amazonaws.com', '127.0.0.1:9001'])}{path}"
    text = query(rng)
    token = rng.choice([None, "AQoDYXdzEPT//////////wEXAMPLE" + str(rng.random())])
    credentials = Credentials("AKIA%016d" % rng.randrange(10**16), quote(word(rng, 40)), token)
    headers = {"Content-Type": rng.choice(["application/json", "text/plain;  charset=utf-8"])}
    if rng.random() < 0.5:
        headers["X-Amz-Log-Type"] = rng.choice(["Tail", "  Tail  ", "a   b"])
    request = AWSRequest(rng.choice(["GET", "POST", "PUT", "DELETE"]), url + ("?" + text if text else ""), headers,
                         word(rng, 200).encode())
    region = rng.choice(["eu-west-1", "us-gov-west-1", "cn-north-1"])
    signer = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
    botocore.auth.get_current_datetime = lambda *_, **__: now
    signer(credentials, service, region).add_auth(request)
    return request, credentials, service, region


def description(request, credentials, service, region, now):
    parts = urlsplit(request.url)
    names = request.headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    values = {name.lower(): value for name, value in request.headers.items()}
    values.setdefault("host", parts.netloc)
    return {"method": request.method, "path": parts.path, "query": parts.query,
            "headers": [f"{name}:{values[name]}" for name in names],
            "payloadSha256": hashlib.sha256(request.body).hexdigest(), "accessKeyId": credentials.access_key,
            "secretAccessKey": credentials.secret_key, "region": region, "service": service,
            "time": now.strftime("%Y%m%dT%H%M%SZ")}


def main():
    rng = random.Random(20240605)
    with open(sys.argv[2], "w") as requests, open(sys.argv[3], "w") as authorizations:
        for _ in range(int(sys.argv[1])):
            now = datetime.datetime(2024, 1, 1) + datetime.timedelta(seconds=rng.randrange(10**8))
            request, credentials, service, region = signed(rng, now)
            requests.write(json.dumps(description(request, credentials, service, region, now)) + "\n")
            authorizations.write(request.headers["Authorization"] + "\n")


main()
