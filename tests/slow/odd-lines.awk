# Writes `lines` lines, always the same for the same `seed`: reports in the two forms that the fast path of pt-logparse takes, the same
# with something odd about them, and what gives the lines around it another meaning. `odd`: one line in this many is odd.

function random(below) {
    seed = (seed * 16807) % 2147483647
    return int(seed / 7) % below
}

function pick(list, parts) {
    return parts[1 + random(split(list, parts, "~"))]
}

function hex(digits, text) {
    for (text = ""; digits > 0; digits--)
        text = text substr("0123456789abcdef", random(16) + 1, 1)
    return text
}

function number() {
    return strange() ? pick("0~00~007~1.~1.5e3~.5~-1~12345678~1.12345678~999999~1000000~1000001~1234567.1234567") : random(3000) pick("~~.5~.25~.125")
}

function whole() {
    return strange() ? number() : 1 + random(3000)
}

# True for one of the many places of an odd line.
function strange() {
    return is_odd && !random(12)
}

function id() {
    return strange() ? pick("x~" hex(36) "~" hex(35) "~" hex(34) "\\\"~a b~\"~" hex(35) ",") : hex(8) "-" hex(4) "-" hex(4) "-" hex(4) "-" hex(12)
}

function gap() {
    return strange() ? pick(" ~  ~\t\t~~\\t~\n~\r\n~,~\t~ \t") : "\t"
}

function text_report() {
    return "REPORT RequestId: " id() gap() "Duration: " number() " ms" gap() "Billed Duration: " whole() " ms" gap() "Memory Size: " whole() \
        " MB" gap() "Max Memory Used: " whole() " MB" (random(9) ? "" : gap() "Init Duration: " number() " ms") \
        (strange() ? gap() pick("Status: error~XRAY TraceId: 1-a~Restore Duration: 3 ms~Init Duration: 2~words") : "") pick("~\t~\t")
}

function json_report(status, first) {
    status = ",\"status\":\"" (strange() ? pick("error~timeout~~x\\\\y") : "success") "\""
    first = random(2)
    return "{\"time\":\"" (strange() ? pick("x~2024-05-01T10:00:00.000~2024-05-01 10:00:00.000Z~2024-05-01T10:00:00\"000Z~2024-05-01T10:00:00.0\\nZ~" hex(24)) : "2024-05-01T10:00:0" random(10) ".000Z") \
        "\",\"type\":\"platform.report\"," (strange() ? " " : "") "\"record\":{\"requestId\":\"" id() "\"" (first ? status : "") \
        ",\"metrics\":{\"durationMs\":" number() ",\"billedDurationMs\":" whole() ",\"memorySizeMB\":" whole() ",\"maxMemoryUsedMB\":" whole() \
        (random(9) ? "" : ",\"initDurationMs\":" number()) (strange() ? ",\"restoreDurationMs\":2" : "") "}" (first != strange() ? "" : status) \
        "}" (strange() ? pick("~,\"a\":1~ ~}") : "") "}"
}

function around(line) {
    if (!strange())
        return line
    return pick("2024-05-01T10:00:03.005Z ~app-1  | ~x ~ ~\"~[INFO]\t~2024-05-01T10:00:03.005Z\tx\tINFO\t~{~[") line pick("~~ ~\r~\"~}~,~{\n~x")
}

function other() {
    return pick("START RequestId: a~words of a function~REPORT of words~REPORT RequestId:~platform.report~{\"a\":1}~{~[~}~]~[ \t~{\"type\":\"a\"}~\
{\"type\":\"platform.report\"~\"message\":~{\"message\":\"REPORT RequestId: \",~Billed Duration: 3 ms~\tMemory Size: 128 MB~Max Memory Used: 5 MB~\
\"time\":\"2024-05-01T10:00:00.000Z\",~{\"awslogs\":{\"data\":\"H4sIx\"}}~~\r~2024/05/01/[$LATEST]9c1e 2024-05-01T10:00:00.000000 {~  }~  {")
}

BEGIN {
    for (i = 0; i < lines; i++) {
        is_odd = !random(odd)
        kind = random(10)
        if (kind < 5)
            print around(text_report())
        else if (kind < 7)
            print around(json_report())
        else if (kind == 7 && is_odd)
            print other()
        else
            print "a line of the function " substr("with words, and more words, and a {bracket} and some PORT and platform.", 1, random(72))
    }
    if (random(2))
        printf "%s", text_report()
}
