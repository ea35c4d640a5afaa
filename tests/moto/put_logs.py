"""Log groups in moto's CloudWatch Logs: put_logs.py ENDPOINT NOW_MS

/aws/lambda/resize: START, a user's line, END and REPORT of 6,000 invocations, in two streams, one a second back from NOW.
/aws/lambda/json: reports as JSON. other/group: one report. shared/group: one report of each of three functions.
"""
import json
import sys

import boto3


def main():
    endpoint, now = sys.argv[1], int(sys.argv[2])
    logs = boto3.client("logs", endpoint_url=endpoint, region_name="eu-west-1")

    def put(group, stream, events):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        for start in range(0, len(events), 5000):
            logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[
                {"timestamp": time, "message": message} for time, message in events[start:start + 5000]])

    for group in ("/aws/lambda/resize", "/aws/lambda/json", "other/group", "shared/group"):
        logs.create_log_group(logGroupName=group)
    for half in range(2):
        events = []
        for i in range(half, 6000, 2):
            identity, time = f"00000000-0000-4000-8000-{i:012}", now - (6000 - i) * 1000
            events += [(time, f"START RequestId: {identity} Version: $LATEST\n"),
                       (time, f"a line with a \" quote and a \\ in it, \U0001f600, of {i}\n"),
                       (time, f"END RequestId: {identity}\n"),
                       (time, f"REPORT RequestId: {identity}\tDuration: {i % 90 + 10}.50 ms\tBilled Duration: {i % 90 + 11} ms\t"
                              f"Memory Size: 128 MB\tMax Memory Used: 57 MB\t\n")]
        put("/aws/lambda/resize", f"2024/05/01/[$LATEST]{half}", events)
    report = {"time": "2024-05-01T10:00:00.000Z", "type": "platform.report",
              "record": {"requestId": "j", "status": "success",
                         "metrics": {"durationMs": 5.2, "billedDurationMs": 6, "memorySizeMB": 128, "maxMemoryUsedMB": 57}}}
    put("/aws/lambda/json", "s", [(now - 1000, json.dumps(report))])
    put("other/group", "s", [(now - 1000, "REPORT RequestId: o\tDuration: 1 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\t"
                                           "Max Memory Used: 57 MB\t\n")])
    for stream in ("2024/05/01/elsewhere[$LATEST][e1]", "2024/05/01/other1[$LATEST][e2]", "2024/05/01/elsewhere2[$LATEST][e3]"):
        put("shared/group", stream, [(now - 1000, f"REPORT RequestId: {stream[11:-13]}\tDuration: 1 ms\tBilled Duration: 1 ms\t"
                                                  "Memory Size: 128 MB\tMax Memory Used: 57 MB\t\n")])


main()
