#!/usr/bin/env bats
# Compares each response of pt-local with botocore's model of the Lambda API: botocore parses it, then every member is checked against
# its shape.

load helper
load local

teardown() {
    stop_local
}

@test "botocore can parse every response, and its model has every member" {
    command -v python3 >/dev/null && python3 -c 'import boto3' 2>/dev/null || skip "python3 with boto3 is not installed"
    start_local --cpu none --function "actor=$ACTOR"
    run python3 - "$ENDPOINT" <<'PYTHON'
import json, re, sys
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

raw = {}
client = boto3.client("lambda", endpoint_url=sys.argv[1], region_name="us-east-1", config=Config(retries={"max_attempts": 1}))
client.meta.events.register("before-parse.lambda.*", lambda response_dict, **_: raw.update(response_dict))
model = client.meta.service_model
problems = []


def check(shape, value, path):
    """What is wrong with `value` as `shape`."""
    kind = shape.type_name
    wanted = {"structure": dict, "map": dict, "list": list, "string": str, "timestamp": str, "integer": int, "long": int,
              "double": (int, float), "float": (int, float), "boolean": bool}[kind]
    if not isinstance(value, wanted):
        problems.append(f"{path}: {value!r} is not a {kind}")
    elif kind == "structure":
        for name, member in value.items():
            if name in ("Type",) or name in shape.members:
                if name in shape.members:
                    check(shape.members[name], member, f"{path}.{name}")
            else:
                problems.append(f"{path}.{name}: not in {shape.name}")
        problems.extend(f"{path}.{name}: required" for name in shape.required_members if name not in value)
    elif kind == "list":
        for i, member in enumerate(value):
            check(shape.member, member, f"{path}[{i}]")
    elif kind == "map":
        for name, member in value.items():
            check(shape.key, name, f"{path} key")
            check(shape.value, member, f"{path}.{name}")
    elif kind == "string":
        if shape.enum and value not in shape.enum:
            problems.append(f"{path}: {value!r} is none of {shape.enum}")
        pattern = shape.metadata.get("pattern")
        if pattern and not re.fullmatch(pattern, value):
            problems.append(f"{path}: {value!r} has not the form {pattern}")


def body_of():
    body = raw.get("body") or b""
    return json.loads(body) if body else {}


def call(method, expected_error=None, **arguments):
    operation = model.operation_model(client.meta.method_to_api_mapping[method])
    name = operation.name
    try:
        answer = getattr(client, method)(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code != expected_error:
            problems.append(f"{name}: {code}, not {expected_error}: {error}")
        shape = next((s for s in model.error_shapes if s.name == code), None)
        if not shape:
            return problems.append(f"{name}: {code} is not in the model")
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != shape.metadata["error"]["httpStatusCode"]:
            problems.append(f"{name}: {code} with another status")
        if not error.response["Error"].get("Message"):
            problems.append(f"{name}: {code} without a message")
        return check(shape, {k: v for k, v in body_of().items()}, f"{name} {code}")
    if expected_error:
        problems.append(f"{name}: no {expected_error}")
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    free = name in ("Invoke", "DeleteFunction")
    if not free and status != operation.http.get("responseCode", 200):
        problems.append(f"{name}: status {status}")
    if name != "Invoke" and operation.output_shape and name != "DeleteFunction":
        check(operation.output_shape, body_of(), name)
    return answer


f = "actor"
arn = f"arn:aws:lambda:us-east-1:123456789012:function:{f}"
call("get_account_settings")
call("list_functions")
call("get_function", FunctionName=arn)
call("get_function_configuration", FunctionName=f)
call("update_function_configuration", FunctionName=f, MemorySize=256, Timeout=5, Description="d",
     Environment={"Variables": {"AB": "c"}}, LoggingConfig={"LogFormat": "JSON", "SystemLogLevel": "INFO"},
     SnapStart={"ApplyOn": "PublishedVersions"}, EphemeralStorage={"Size": 600})
call("publish_version", FunctionName=f, Description="first")
call("list_versions_by_function", FunctionName=f, MaxItems=1)
call("create_alias", FunctionName=f, Name="live", FunctionVersion="1")
call("get_function", FunctionName=f, Qualifier="live")
call("get_alias", FunctionName=f, Name="live")
call("update_alias", FunctionName=f, Name="live", FunctionVersion="$LATEST")
call("list_aliases", FunctionName=f)
call("get_runtime_management_config", FunctionName=f)
call("put_function_concurrency", FunctionName=f, ReservedConcurrentExecutions=5)
call("get_function_concurrency", FunctionName=f)
call("get_function", FunctionName=f)
call("list_tags", Resource=arn)
answer = call("invoke", FunctionName=f, Qualifier="1", Payload=b'{"k": 1}', LogType="Tail")
if answer["Payload"].read() != b'{"k": 1}' or answer["ExecutedVersion"] != "1" or not answer["LogResult"]:
    problems.append(f"Invoke: {answer}")
call("invoke", FunctionName=f, InvocationType="DryRun")
call("invoke", FunctionName=f, InvocationType="Event", Payload=b"{}")
call("get_function", "ResourceNotFoundException", FunctionName="nobody")
call("get_alias", "ResourceNotFoundException", FunctionName=f, Name="nobody")
call("get_policy", "ResourceNotFoundException", FunctionName=f)
call("create_alias", "ResourceConflictException", FunctionName=f, Name="live", FunctionVersion="1")
call("update_function_configuration", "PreconditionFailedException", FunctionName=f, RevisionId="x")
call("publish_version", "InvalidParameterValueException", FunctionName=f, CodeSha256="x")
call("invoke", "InvalidRequestContentException", FunctionName=f, Payload=b"{")
call("invoke", "RequestTooLargeException", FunctionName=f, Payload=b'"' + b"x" * 6291456 + b'"')
call("put_function_concurrency", FunctionName=f, ReservedConcurrentExecutions=0)
call("invoke", "TooManyRequestsException", FunctionName=f)
call("delete_function_concurrency", FunctionName=f)
call("delete_alias", FunctionName=f, Name="live")
call("delete_function", FunctionName=f, Qualifier="1")
call("delete_function", FunctionName=f)
print("\n".join(problems) or "none")
PYTHON
    assert_success
    assert_output none
}
