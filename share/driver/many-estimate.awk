# The estimates of several runs as text. A line is a run: invocations, whether that is a maximum, function, currency,
# least and most cost, least and most seconds. With --jobs N, a run begins when the run N places before it, and all before
# that one, have ended. Values come from the environment: -v would interpret backslashes.
BEGIN { jobs = ENVIRON["JOBS"] + 0; notice = ENVIRON["NAME"] ": "; before = notice "warning: " }
function ends(row, seconds, ended) {
    ended = (row > jobs ? all_ended[row - jobs, side] : 0) + seconds
    all_ended[row, side] = (row > 1 && all_ended[row - 1, side] > ended) ? all_ended[row - 1, side] : ended
}
$1 == 0 { bad++; next }
{
    rows++
    times += $1
    if ($2 == "true") most = "at most "
    words = words (rows > 1 ? ", " : "") $3 " " $1
    if ($4 != "-" && !($4 in least_cost)) currencies[++count] = $4
    least_cost[$4] += $5
    most_cost[$4] += $6
    side = 0; ends(rows, $7)
    side = 1; ends(rows, $8)
}
END {
    if (bad) print before bad " of " (rows + bad) " inputs cannot be estimated: their runs will report why"
    if (!rows) exit
    print before rows (rows > 1 ? " functions" : " function") " will be executed " most times " times for real (" words "), with all their side effects"
    for (i = 1; i <= count; i++)
        printf "%sestimated cost: %.2g to %.2g %s (the maximum: every invocation runs to its time limit)\n", notice,
            least_cost[currencies[i]], most_cost[currencies[i]], currencies[i]
    printf "%sestimated time: %.0f s to %.0f s with --jobs %d, plus the time to publish the sizes\n", notice,
        all_ended[rows, 0], all_ended[rows, 1], jobs
    print before "until the sizes of a function are published, invocations of it without a version run with the sizes being tried"
}
