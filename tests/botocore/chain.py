"""Random environments and files, and the access key that botocore finds in them: chain.py COUNT FOLDER

Makes COUNT folders in FOLDER, each with the files `config`, `credentials`, `environment` (NAME=VALUE lines), `profile`
(what --profile names; empty: nothing) and `wanted`: the access key, "none" or "error". The same on every run.
"""
import os
import random
import sys

import botocore.session
from botocore.exceptions import BotoCoreError

PROCESS = """credential_process = printf '{"Version":%s,"AccessKeyId":"%s","SecretAccessKey":"s"}'"""


def keys(rng, name):
    lines = []
    if rng.random() < 0.9:
        lines.append(f"aws_access_key_id = {name}")
    if rng.random() < 0.9:
        lines.append("aws_secret_access_key = s")
    return lines


def profile(rng, name):
    lines = ["region = eu-west-1"]
    if rng.random() < 0.35:
        lines += keys(rng, name)
    if rng.random() < 0.35:
        lines.append(PROCESS % (rng.choice(["1", "1", "1", "2"]), name + "PROCESS"))
    if rng.random() < 0.1:
        lines += ["role_arn = arn:aws:iam::1:role/r"] + rng.choice(
            [[], ["source_profile = nobody"], ["source_profile = a", "credential_source = Environment"],
             ["credential_source = Moon"]])
    rng.shuffle(lines)
    return lines


def scenario(rng):
    config, credentials, environment = [], [], {}
    for name in ("default", "a", "b"):
        if rng.random() < 0.6:
            config += ["[default]" if name == "default" else f"[profile {name}]"] + profile(rng, "CONFIG" + name)
        if rng.random() < 0.4:
            credentials += [f"[{name}]"] + profile(rng, "FILE" + name)
    if rng.random() < 0.02:
        config.append("nonsense")
    if rng.random() < 0.3:
        environment["AWS_ACCESS_KEY_ID"] = "ENVIRONMENT"
    if rng.random() < 0.3:
        environment["AWS_SECRET_ACCESS_KEY"] = "s"
    for variable in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        if rng.random() < 0.25:
            environment[variable] = rng.choice(["a", "b", "default", "nobody"])
    return config, credentials, environment, rng.choice(["", "", "a", "b", "default", "nobody"])


def find(environment, chosen):
    saved = dict(os.environ)
    os.environ.update(environment)
    try:
        session = botocore.session.Session(profile=chosen or None)
        session.get_scoped_config()
        found = session.get_credentials()
        return found.get_frozen_credentials().access_key if found else "none"
    except (BotoCoreError, KeyError, ValueError):
        return "error"
    finally:
        os.environ.clear()
        os.environ.update(saved)


def main():
    rng = random.Random(20240605)
    for number in range(int(sys.argv[1])):
        folder = f"{sys.argv[2]}/{number:04}"
        os.mkdir(folder)
        config, credentials, environment, chosen = scenario(rng)
        environment |= {"AWS_CONFIG_FILE": folder + "/config", "AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials",
                        "AWS_EC2_METADATA_DISABLED": "true"}
        contents = {"config": "\n".join(config), "credentials": "\n".join(credentials), "profile": chosen,
                    "environment": "\n".join(f"{name}={value}" for name, value in environment.items())}
        for name, content in contents.items():
            with open(f"{folder}/{name}", "w") as file:
                file.write(content + "\n" if content else "")
        with open(f"{folder}/wanted", "w") as file:
            file.write(find(environment, chosen) + "\n")


main()
