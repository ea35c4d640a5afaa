"""Random shared config files and how botocore reads them: config.py COUNT FOLDER WANTED

Writes COUNT files to FOLDER and a line of JSON for each to WANTED: {"SECTION":{"NAME":"VALUE"}}, or "error" when
botocore refuses the file. The same on every run.
"""
import configparser
import json
import random
import sys

from botocore.configloader import raw_config_parse
from botocore.exceptions import ConfigParseError

SECTIONS = ["[default]", "[profile a]", '[profile "b c"]', "[profile a] ; c", "[services s]", "[DEFAULT]", "[x]]", "[]", "[ y ]",
            "  [indented]", "[sso-session z]", "[profile", "profile a]"]
LINES = ["region = eu-west-1", "Region=us-east-1", "aws_access_key_id: AKID", "s3 =", "s3=", "lambda =", "  endpoint_url = http://x",
         "\tnested=1", "    no equals here", "# comment", "  ; comment", "", "   ", "key = value # not a comment", "= nothing", "nothing",
         "a = b = c", "a:b=c", "k\t=\tv  ", "ä = ö", "x = %(region)s", "output = [json]", "  continued line", "long = 1", "max_attempts = 3"]


def contents(rng):
    lines = [rng.choice(SECTIONS[:4])] if rng.random() < 0.9 else []
    for _ in range(rng.randint(0, 9)):
        lines.append(rng.choice(SECTIONS) if rng.random() < 0.15 else rng.choice(LINES))
    ending = rng.choice(["\n", "\n", "\r\n", "\r"])
    data = ending.join(lines).encode() + rng.choice([b"", ending.encode()])
    if rng.random() < 0.03:
        data += rng.choice([b"\xff", b"\xef\xbb\xbf[z]\n"])
    return data


def read(path):
    try:
        raw_config_parse(path)
        sections = raw_config_parse(path, parse_subsections=False)
    except ConfigParseError:
        return "error"
    # [DEFAULT] is in every section there, and looked up by the reader here.
    parser = configparser.RawConfigParser()
    parser.read([path])
    for name, section in sections.items():
        own = parser._sections[name]
        sections[name] = {key: value for key, value in section.items() if key in own}
    if parser.defaults():
        sections["DEFAULT"] = dict(parser.defaults())
    return sections


def main():
    rng = random.Random(20240605)
    with open(sys.argv[3], "w") as wanted:
        for number in range(int(sys.argv[1])):
            path = f"{sys.argv[2]}/{number:05}"
            with open(path, "wb") as file:
                file.write(contents(rng))
            wanted.write(json.dumps(read(path), sort_keys=True) + "\n")


main()
