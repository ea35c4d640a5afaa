"""A small Python runtime for pt-local: runs the handler that _HANDLER names ("file.function") with the Lambda Runtime API, in
the same way as Lambda's managed runtime runs ordinary handlers."""

import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

BASE = "/2018-06-01/runtime"
AS_JSON = os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON"
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
request_id = ""


def call(method, path, body=None, headers=None):
    api.request(method, BASE + path, body=body, headers=headers or {})
    answer = api.getresponse()
    return answer.headers, answer.read()


def describe(kind, message, frames):
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": frames}


def send_error(path, described):
    headers = {"Content-Type": "application/json", "Lambda-Runtime-Function-Error-Type": described["errorType"]}
    call("POST", path, json.dumps(described).encode(), headers)


# ---- the log, in Lambda's two formats ----


class LogFormatter(logging.Formatter):
    converter = time.gmtime

    def format(self, record):
        record.aws_request_id = request_id
        if not AS_JSON:
            return super().format(record)
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ")
        return json.dumps({"timestamp": stamp, "level": record.levelname, "message": record.getMessage(),
                           "logger": record.name, "requestId": request_id})


def set_up_logging():
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LogFormatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n",
                                      "%Y-%m-%dT%H:%M:%S"))
    handler.terminator = "\n" if AS_JSON else ""
    root = logging.getLogger()
    root.addHandler(handler)
    if AS_JSON:
        root.setLevel(os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO").replace("TRACE", "DEBUG"))


def log_error(described):
    if AS_JSON:
        print(json.dumps({"level": "ERROR", **described}), flush=True)
        return
    print(f"[ERROR] {described['errorType']}: {described['errorMessage']}")
    if described["stackTrace"]:
        print("Traceback (most recent call last):")
        print("".join(described["stackTrace"]), end="")
    sys.stdout.flush()


# ---- the handler ----


class Context:
    def __init__(self, headers):
        self.aws_request_id = request_id
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.client_context = json.loads(headers.get("Lambda-Runtime-Client-Context", "null"))
        self.identity = None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)


def fail_init(kind, message, frames=()):
    described = describe(kind, message, list(frames))
    log_error(described)
    send_error("/init/error", described)
    sys.exit(1)


def load_handler():
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]  # instead of the folder of this file
    name = os.environ["_HANDLER"]
    module_name, dot, function = name.rpartition(".")
    if not dot:
        fail_init("Runtime.MalformedHandlerName", f"Bad handler '{name}'")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except SyntaxError as error:
        fail_init("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}")
    except ImportError as error:
        fail_init("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}")
    except Exception as error:  # the user's module may raise anything
        fail_init(type(error).__name__, str(error), traceback.format_tb(error.__traceback__)[1:])
    if not callable(getattr(module, function, None)):
        fail_init("Runtime.HandlerNotFound", f"Handler '{function}' missing on module '{module_name}'")
    return getattr(module, function)


def fail_invocation(kind, message, frames=()):
    described = describe(kind, message, list(frames))
    log_error(described)
    send_error(f"/invocation/{request_id}/error", described)


def serve(handler):
    global request_id
    headers, body = call("GET", "/invocation/next")
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    os.environ["_X_AMZN_TRACE_ID"] = headers["Lambda-Runtime-Trace-Id"]
    try:
        value = handler(json.loads(body), Context(headers))
    except Exception as error:
        fail_invocation(type(error).__name__, str(error), traceback.format_tb(error.__traceback__)[1:])
        return
    try:
        answer = json.dumps(value).encode()
    except Exception as error:
        fail_invocation("Runtime.MarshalError", f"Unable to marshal response: {error}")
        return
    sys.stdout.flush()
    call("POST", f"/invocation/{request_id}/response", answer, {"Content-Type": "application/json"})


sys.stdout.reconfigure(line_buffering=True)
set_up_logging()
loaded = load_handler()
while True:
    serve(loaded)
