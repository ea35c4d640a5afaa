# The slow reader: the rules for REPORT lines and JSON reports, one after the other, for the logs that make-log.awk makes. What is here is to be
# obviously right, not fast; pt-logparse must give the same bytes.

function skip(text) {
    sub(/^([ \t\r\n]|\\+[tnr])+/, "", text)
    return text
}

# Takes the number and its unit off the front of `rest`; the number is in `number`.
function take_number(unit) {
    while (rest ~ /^0[0-9]/)
        rest = substr(rest, 2)
    match(rest, /^[0-9]+(\.[0-9]*)?/)
    number = substr(rest, 1, RLENGTH)
    rest = skip(substr(rest, RLENGTH + 1))
    if (number ~ /^[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]/ || number ~ /\.$/ || length(number) > 27)
        return 0
    if (substr(rest, 1, 2) != unit)
        return 0
    rest = substr(rest, 3)
    return 1
}

# Fills `value` with the fields of the report whose text is `rest`: "read", "open" (something is missing) or "bad".
function read_fields(i, found, name) {
    split("", value)
    if (!match(rest, /^[^ \t\r\n"\\,]+/))
        return "bad"
    value["RequestId"] = substr(rest, 1, RLENGTH)
    rest = substr(rest, RLENGTH + 1)
    while ((rest = skip(rest)) != "") {
        found = ""
        for (i = 1; i <= names; i++)
            if (substr(rest, 1, length(known[i]) + 1) == known[i] ":")
                found = known[i]
        if (found == "") {
            match(rest, /^[^:\t\n]*/)
            name = substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
            if (substr(rest, 1, 1) != ":")
                continue
            if (name ~ /RequestId$/)
                break
            rest = skip(substr(rest, 2))
            match(rest, /^[^ \t\r\n"\\,]*/)
            name = substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
            if (name ~ /^[0-9]/ && skip(rest) ~ /^(ms|MB)/)
                rest = substr(skip(rest), 3)
            continue
        }
        rest = skip(substr(rest, length(found) + 2))
        if (unit[found] == "") {
            match(rest, /^[^ \t\r\n"\\,]*/)
            if (RLENGTH > 0 && !(found in value))
                value[found] = substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
            continue
        }
        if (rest !~ /^[0-9]/ || !take_number(unit[found]))
            return "bad"
        if (found in value)
            continue
        if (found == "Memory Size" && (number !~ /^[0-9]+$/ || number + 0 < 1 || number + 0 > 1000000))
            return "bad"
        value[found] = number
    }
    if ("Duration" in value && "Billed Duration" in value && "Memory Size" in value && "Max Memory Used" in value)
        return "read"
    return "open"
}

function member(name, field) {
    return field in value ? ",\"" name "\":" value[field] : ""
}

function text_member(name, field) {
    return field in value ? ",\"" name "\":\"" value[field] "\"" : ""
}

function finish() {
    if (result == "read") {
        print "{\"type\":\"measurement\",\"power\":" value["Memory Size"] text_member("requestId", "RequestId") \
            member("durationMs", "Duration") member("billedDurationMs", "Billed Duration") \
            member("initDurationMs", "Init Duration") member("restoreDurationMs", "Restore Duration") \
            member("billedRestoreDurationMs", "Billed Restore Duration") member("memorySizeMB", "Memory Size") \
            member("maxMemoryUsedMB", "Max Memory Used") text_member("status", "Status") text_member("errorType", "Error Type") \
            timestamp "}"
    } else if (result != "")
        unreadable++
    result = ""
}

function after(name, text) {
    text = substr($0, index($0, "\"" name "\":") + length(name) + 3)
    match(text, /^[^,}]*/)
    return substr(text, 1, RLENGTH)
}

BEGIN {
    names = split("Duration|Billed Duration|Init Duration|Restore Duration|Billed Restore Duration|Memory Size|Max Memory Used|Status|Error Type",
        known, "|")
    for (i = 1; i <= 5; i++)
        unit[known[i]] = "ms"
    unit["Memory Size"] = unit["Max Memory Used"] = "MB"
}

{
    continues = 0
    for (i = 1; i <= names; i++)
        if (substr(skip($0), 1, length(known[i]) + 1) == known[i] ":")
            continues = 1
    if (was_open && continues && result != "bad") {
        rest = whole = whole "\n" $0
        result = read_fields()
        next
    }
    finish()
    was_open = 0
    timestamp = ""
    line = $0
    if (sub(/^2024-05-01T10:00:03.005Z /, "", line))
        timestamp = ",\"timestamp\":1714557603005"
    sub(/^app-1  \| /, "", line)
    if (match(line, /^REPORT[ \t]+RequestId:[ \t]+/)) {
        rest = whole = substr(line, RLENGTH + 1)
        result = read_fields()
        was_open = result == "open"
    } else if (line ~ /^\{"time":"2024-05-01T10:00:00.000Z","type":"platform.report"/) {
        split("", value)
        print "{\"type\":\"measurement\",\"power\":" after("memorySizeMB") ",\"requestId\":" substr(line, index(line, "\"requestId\":") + 12, 38) \
            ",\"durationMs\":" after("durationMs") ",\"billedDurationMs\":" after("billedDurationMs") ",\"memorySizeMB\":" after("memorySizeMB") \
            ",\"maxMemoryUsedMB\":" after("maxMemoryUsedMB") ",\"status\":\"success\",\"timestamp\":1714557600000}"
    }
}

END {
    finish()
    if (unreadable)
        print unreadable " unreadable" >"/dev/stderr"
}
