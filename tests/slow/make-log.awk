# Writes a log of `invocations` invocations, always the same for the same `seed`: plain, after a time, after a container's name, as
# JSON; two lines in five are damaged.

function random(below) {
    seed = (seed * 16807) % 2147483647
    return seed % below
}

function hex(digits, text) {
    text = ""
    while (digits-- > 0)
        text = text substr("0123456789abcdef", random(16) + 1, 1)
    return text
}

function damage(text, times, at, kind, marks) {
    marks = "0 9\t.:mMBsDx7"
    for (times = 1 + random(3); times > 0; times--) {
        at = 1 + random(length(text))
        kind = random(4)
        if (kind == 0)
            text = substr(text, 1, at - 1) substr(text, at + 1)
        else if (kind == 1)
            text = substr(text, 1, at) substr(marks, random(length(marks)) + 1, 1) substr(text, at + 1)
        else if (kind == 2)
            text = substr(text, 1, at)
        else
            text = substr(text, 1, at - 1) substr(text, at + random(12))
        if (text == "")
            text = "x"
    }
    return text
}

function field(name, value) {
    return name ": " value
}

function report(id, gap, duration, text) {
    duration = random(300000) / 100
    gap = random(5) ? "\t" : random(2) ? " " : "  "
    text = "REPORT RequestId: " id gap field("Duration", duration " ms")
    if (!random(40))
        text = text gap field("Init Duration", random(90000) / 100 " ms")
    text = text gap field("Billed Duration", int(duration) + 1 " ms") (random(20) ? gap : "")
    text = text field("Memory Size", 128 * (1 + random(24)) " MB") gap field("Max Memory Used", 40 + random(80) " MB") gap
    if (!random(50))
        text = text field("Init Duration", random(90000) / 100 " ms") gap
    if (!random(60))
        text = text field("Restore Duration", random(90000) / 100 " ms") gap field("Billed Restore Duration", random(900) " ms") gap
    if (!random(60))
        text = text field("Status", "error") gap field("Error Type", "Runtime.ExitError")
    if (!random(60))
        text = text "XRAY TraceId: 1-6a06cb9b" gap "SegmentId: 32d2da29" gap "Sampled: true"
    return text
}

function json(id) {
    return "{\"time\":\"2024-05-01T10:00:00.000Z\",\"type\":\"platform.report\",\"record\":{\"requestId\":\"" id "\",\"metrics\":{" \
        "\"durationMs\":" random(300000) / 1000 ",\"billedDurationMs\":" random(3000) ",\"memorySizeMB\":" 128 * (1 + random(9)) \
        ",\"maxMemoryUsedMB\":" random(100) "},\"status\":\"success\"}}"
}

BEGIN {
    split("|2024-05-01T10:00:03.005Z |app-1  | ", prefixes, "|")
    prefixes[3] = "app-1  | "
    for (i = 0; i < invocations; i++) {
        id = hex(8) "-" hex(4) "-" hex(4) "-" hex(4) "-" hex(12)
        print "START RequestId: " id " Version: $LATEST"
        for (lines = random(3); lines > 0; lines--) {
            line = "INFO user line: REPORT and Duration: 5 ms "
            for (words = random(random(20) ? 12 : 400); words > 0; words--)
                line = line " Max Memory. PATH m.r" hex(3)
            print line
        }
        print "END RequestId: " id
        if (!random(10)) {
            print json(id)
            continue
        }
        line = report(id)
        if (random(5) < 2)
            line = damage(line)
        if (!random(30))
            gsub("\t", "\n", line)
        print prefixes[1 + random(3)] line
    }
}
