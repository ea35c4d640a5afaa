#!/usr/bin/env bats
# shellcheck disable=SC2030,SC2031,SC2154 # each test is a subshell of its own; run sets output
# The page of pt-report in a real browser, opened from disk with no network.

load helper
load browser

RUNS=$FIXTURES/report

setup_file() {
    # The tests share a browser.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true
    load helper
    load browser
    browser_start
    pt-report --quiet --output "$BATS_FILE_TMPDIR/one.html" --invocations-per-month 3000000 "$FIXTURES/report/before"
    pt-report --quiet --output "$BATS_FILE_TMPDIR/two.html" "$FIXTURES/report/before" "$FIXTURES/report/after"
}

teardown_file() {
    browser_stop
}

setup() {
    browser_required
    cd "$BATS_TEST_TMPDIR" || return
    browser_view 1280 light
}

# The page violated no policy, requested nothing and threw no error.
teardown() {
    if [ -n "${BROWSER_PID:-}" ]; then
        run -0 browser_messages
        assert_output ''
    fi
}

open_page() {
    browser_open "file://$BATS_FILE_TMPDIR/$1.html"
}

# chart KIND EXPRESSION: evaluates the expression with `chart`, the Chart.js object of that kind.
chart() {
    browser_eval "const chart = Chart.getChart(document.querySelector('[data-chart=$1] canvas')); return $2"
}

# Every element is within the page, no text is cut, and no element overlaps another.
assert_nothing_overlaps() {
    run -0 browser_eval "
        const cut = [];
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth > width) cut.push('the page is wider than the screen');
        for (const element of document.querySelectorAll('h1, h2, h3, p, dt, dd, th, td, caption, button, canvas, figcaption, section')) {
            const box = element.getBoundingClientRect();
            if (!box.width || element.closest('thead') && getComputedStyle(element.closest('thead')).position === 'absolute') continue;
            if (element.classList.contains('skip')) continue;
            if (box.left < -0.5 || box.right > width + 0.5) cut.push('out of the page: ' + element.outerHTML.slice(0, 80));
            if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth) cut.push('cut: ' + element.outerHTML.slice(0, 80));
        }
        for (const group of ['.tile', 'section', '.legend button', 'td', '.histogram']) {
            const boxes = [...document.querySelectorAll(group)].map((element) => element.getBoundingClientRect()).filter((box) => box.width);
            for (let a = 0; a < boxes.length; a++)
                for (let b = a + 1; b < boxes.length; b++)
                    if (Math.min(boxes[a].right, boxes[b].right) - Math.max(boxes[a].left, boxes[b].left) > 1 &&
                        Math.min(boxes[a].bottom, boxes[b].bottom) - Math.max(boxes[a].top, boxes[b].top) > 1) cut.push('overlap: ' + group);
        }
        return cut;"
    assert_output '[]'
}

@test "the browser reads the sentence and the heading" {
    open_page one
    run -0 browser_eval "return [document.title, document.querySelector('h1').textContent, document.querySelector('.sentence').textContent]"
    assert_output '["resize – power-tune","resize","1024 MB is the best balance of cost and speed. Compared with the current 256 MB, it is 1 % more expensive and 75 % faster."]'
}

@test "the chart has both curves to scale, named axes, and marks for the chosen, current and excluded sizes" {
    open_page one
    run -0 chart figures "[chart.options.scales.x.type, chart.options.scales.x.title.text, chart.options.scales.y.title.text, chart.options.scales.cost.title.text]"
    assert_output '["linear","Memory (MB)","Duration (ms)","Cost of a million invocations (USD)"]'
    run -0 chart figures "chart.data.datasets.filter((d) => !d.fill && d.label).map((d) => [d.label, d.data.map((p) => [p.x, Math.round(p.y * 100) / 100])])"
    assert_output '[["average duration",[[256,565.88],[512,282.73],[1024,142.04],[1536,114.36],[3008,84.47]]],["cost of a million",[[256,1.89],[512,1.89],[1024,1.91],[1536,2.3],[3008,3.33]]],["left out",[[128,0]]]]'
    run -0 chart figures "chart.config.plugins.map((plugin) => plugin.id)"
    assert_output '["marks"]'
    # The axis is to scale: 1024 to 1536 is as far as 512 to 1024.
    run -0 chart figures "(({ x }) => Math.round(x.getPixelForValue(1536) - 2 * x.getPixelForValue(1024) + x.getPixelForValue(512)))(chart.scales)"
    assert_output 0
    # It is drawn: its pixels have several colours.
    run -0 browser_eval "const c = document.querySelector('[data-chart=figures] canvas'); const p = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer); return new Set(p).size > 20"
    assert_output true
}

@test "the percentile bands are of the warm measurements" {
    open_page one
    fastest=$(jq -s 'map(select(.type == "measurement" and .power == 512 and (.initDurationMs | not)).durationMs) | min' "$RUNS/before/logparse.ndjson")
    run -0 chart figures "chart.data.datasets.find((d) => d.group === 'band').data.find((p) => p.x === 512).y"
    assert_output "$fastest"
    run -0 chart figures "chart.data.datasets.filter((d) => d.fill).map((d) => d.label)"
    assert_output '["fastest to p90 of warm starts","p90 to p99"]'
}

@test "the table has a caption, headings, and the figures of the chart" {
    open_page one
    run -0 browser_eval "const t = document.querySelector('section table'); return [t.caption.textContent, [...t.tHead.rows[0].cells].map((c) => c.textContent + '/' + c.scope).filter((c) => c !== 'best with (%)/col'), [...t.tBodies[0].rows[3].cells].map((c) => c.textContent).filter((c, i) => i !== 6)]"
    assert_output '["Duration and cost of each memory size",["memory (MB)/col","average (ms)/col","against now/col","cost of a million (USD)/col","against now/col","with requests (USD)/col","measured/col","failed or lost/col","memory used (MB)/col","note/col"],["1024","142.04","−74.9 %","1.9067","+0.9 %","2.1067","20","0","152","chosen"]]'
    # The probabilities of being the best add up to 100 %.
    run -0 browser_eval "return [...document.querySelectorAll('section table')[0].tBodies[0].rows].filter((r) => r.cells.length > 3).reduce((sum, r) => sum + Number(r.cells[6].textContent), 0)"
    assert [ "$output" -ge 97 ]
    assert [ "$output" -le 103 ]
}

@test "each size has a histogram with warm and cold starts" {
    open_page one
    run -0 browser_eval "return [...document.querySelectorAll('[data-chart=histogram]')].map((f) => [f.textContent, ...Chart.getChart(f.querySelector('canvas')).data.datasets.map((d) => d.data.reduce((a, b) => a + b))])"
    assert_output '[["256 MB: 19 warm, 1 cold",19,1],["512 MB: 19 warm, 1 cold",19,1],["1024 MB: 19 warm, 1 cold",19,1],["1536 MB: 19 warm, 1 cold",19,1],["3008 MB: 19 warm, 1 cold",19,1]]'
}

@test "runs are overlaid, each with its own colour and shape" {
    open_page two
    run -0 chart durations "chart.data.datasets.map((d) => [d.label, d.data.length])"
    assert_output '[["before",5],["after",5]]'
    run -0 chart costs "new Set(chart.data.datasets.map((d) => d.borderColor)).size + new Set(chart.data.datasets.map((d) => d.pointStyle)).size + new Set(chart.data.datasets.map((d) => String(d.borderDash))).size"
    assert_output 6
    run -0 browser_eval "return document.querySelector('#comparison ~ .sentence').textContent"
    assert_output 'At the size chosen for each, after at 1024 MB is 11.9 % cheaper (more than noise) and 11.8 % faster (more than noise) than before at 1024 MB.'
    run -0 browser_eval "return [...document.querySelectorAll('section[aria-labelledby=comparison] tbody tr')].map((r) => [r.cells[0].textContent, r.cells[4].textContent])"
    assert_output '[["256","no"],["512","yes"],["1024","yes"],["1536","yes"],["3008","yes"]]'
}

@test "nothing overlaps or is cut, on a screen and a phone, in light and dark" {
    slow 'a browser lays out two pages at four widths'
    for page in one two; do
        for width in 1280 800 390 320; do
            browser_view "$width" light
            open_page "$page"
            assert_nothing_overlaps
        done
    done
}

@test "the page and the charts follow the dark colour scheme" {
    browser_view 1280 dark
    open_page one
    run -0 browser_eval "return [getComputedStyle(document.body).backgroundColor, Chart.getChart(document.querySelector('canvas')).options.scales.x.ticks.color]"
    assert_output '["rgb(18, 22, 28)","#a5b0bd"]'
    # Changing the colour scheme redraws the charts.
    browser_view 1280 light
    run -0 browser_eval "return [getComputedStyle(document.body).backgroundColor, Chart.getChart(document.querySelector('canvas')).options.scales.x.ticks.color]"
    assert_output '["rgb(246, 247, 249)","#55606e"]'
}

@test "text and curves have enough contrast" {
    for scheme in light dark; do
        browser_view 1280 "$scheme"
        open_page one
        # WCAG 2.1: 4.5 to 1 for text, 3 to 1 for graphics.
        run -0 browser_eval "
            const style = getComputedStyle(document.documentElement);
            const light = (name) => {
                const [r, g, b] = [1, 3, 5].map((at) => parseInt(style.getPropertyValue('--' + name).trim().slice(at, at + 2), 16) / 255)
                    .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
            const weak = [];
            for (const ink of ['text', 'muted', 'accent', 'good']) for (const ground of ['page', 'card', 'accent-soft'])
                if (ratio(ink, ground) < 4.5) weak.push([ink, ground, ratio(ink, ground)]);
            for (const ink of ['duration', 'cost', 'run-0', 'run-1', 'run-2', 'run-3', 'run-4', 'run-5']) if (ratio(ink, 'card') < 3) weak.push([ink, ratio(ink, 'card')]);
            return weak;"
        assert_output '[]'
    done
}

@test "the keyboard reaches the legend and toggles a curve" {
    open_page one
    browser_eval "document.querySelector('.legend button:nth-of-type(3)').focus()" >/dev/null
    browser_keys $'\uE00D'
    run -0 browser_eval "return [document.activeElement.textContent, document.activeElement.getAttribute('aria-pressed')]"
    assert_output '["average duration","false"]'
    run -0 chart figures "chart.data.datasets.map((d, i) => chart.isDatasetVisible(i))"
    assert_output '[true,true,true,false,true,true]'
    browser_keys $'\uE00D'
    run -0 chart figures "chart.data.datasets.every((d, i) => chart.isDatasetVisible(i))"
    assert_output true
}

@test "the first Tab reaches the link that skips the header" {
    open_page one
    browser_keys $'\uE004'
    run -0 browser_eval "return [document.activeElement.textContent, Math.round(document.activeElement.getBoundingClientRect().left) >= 0]"
    assert_output '["Skip to the result",true]'
}

@test "a screen reader has headings in order, named charts, and tables that stay tables on a phone" {
    open_page two
    run -0 browser_eval "let level = 0; return [...document.querySelectorAll('h1, h2, h3')].every((h) => { const now = Number(h.tagName[1]); const good = now <= level + 1; level = now; return good; }) && document.querySelectorAll('h1').length === 1"
    assert_output true
    run -0 browser_eval "return [...document.querySelectorAll('canvas')].every((c) => c.getAttribute('role') === 'img' && c.getAttribute('aria-label').length > 20)"
    assert_output true
    browser_view 390 light
    # From the accessibility tree of the browser, not from the markup.
    run -0 bash -c "source '$ROOT/tests/browser.bash'; browser_cdp Accessibility.getFullAXTree | jq -c '[.nodes[] | select(.ignored | not) | .role.value] | map(select(. == \"table\" or . == \"columnheader\" or . == \"rowheader\")) | group_by(.) | map([.[0], length > 1])'"
    assert_output '[["columnheader",true],["rowheader",true],["table",true]]'
}

@test "without JavaScript the page has the sentence and the tables, and no empty charts" {
    browser_cdp Emulation.setScriptExecutionDisabled '{"value":true}' >/dev/null
    open_page one
    browser_cdp Emulation.setScriptExecutionDisabled '{"value":false}' >/dev/null
    run -0 browser_eval "return [document.querySelectorAll('table').length, [...document.querySelectorAll('canvas')].filter((c) => c.getBoundingClientRect().width).length]"
    assert_output '[4,0]'
}

@test "a printed page is light, and its tables are tables" {
    browser_view 1280 dark
    open_page one
    browser_cdp Emulation.setEmulatedMedia '{"media":"print","features":[{"name":"prefers-color-scheme","value":"dark"}]}' >/dev/null
    run -0 browser_eval "return [getComputedStyle(document.body).backgroundColor, Chart.getChart(document.querySelector('canvas')).options.scales.x.ticks.color, getComputedStyle(document.querySelector('tbody tr')).display]"
    browser_cdp Emulation.setEmulatedMedia '{"media":""}' >/dev/null
    assert_output '["rgb(255, 255, 255)","#444444","table-row"]'
    browser_print page.pdf
    assert_equal "$(head -c 5 page.pdf)" '%PDF-'
}

@test "hostile names, messages and file names are shown as text" {
    evil='</script><script>window.broken=1</script><img src=x onerror=window.broken=1><svg onload=window.broken=1>'
    mkdir -p "$evil"
    {
        jq -nc --arg evil "$evil" '{type: "plan", functionName: $evil, functionArn: $evil, region: "eu-west-1", description: $evil, memorySizeMB: 128, payload: $evil, strategy: "cost"}'
        jq -nc --arg evil "$evil" '{type: "failure", power: 256, kind: "functionError", excluded: true, errorType: "E", message: ($evil + "\u2028\u202e\u0000")}'
        printf '{"type":"stat","value":%s,"averageDuration":%s,"averagePrice":0.00002,"totalCost":1,"count":10}\n' 128 100 512 50
    } >"$evil/stats.ndjson"
    pt-report --quiet --output page.html "$evil" "$evil"
    browser_open "file://$PWD/page.html"
    run -0 browser_eval "return [window.broken === undefined, document.images.length, document.querySelectorAll('svg').length, document.scripts.length, Number(document.documentElement.dataset.charts) > 0]"
    assert_output '[true,0,0,3,true]'
    run -0 browser_eval "return [document.querySelector('.facts dd').textContent, document.querySelector('pre').textContent]"
    assert_equal "$(jq -r '.[0]' <<<"$output")" "$evil"
    assert_equal "$(jq -r '.[1]' <<<"$output")" "$evil"
    assert_nothing_overlaps
}

@test "the policy of the page blocks foreign scripts" {
    open_page one
    run -0 browser_eval "const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s); return window.broken === undefined"
    assert_output true
    run -0 browser_messages
    assert_output --partial 'Content Security Policy'
}

@test "46 sizes and very long names fit" {
    jq -nc --arg name "$(printf 'a%.0s' {1..140})" '{type: "plan", functionName: $name, memorySizeMB: 1024}' >records
    for power in $(seq 128 64 3008); do
        printf '{"type":"stat","value":%s,"averageDuration":%s,"averagePrice":0.00002,"totalCost":1,"count":10}\n' "$power" "$((200000 / power))"
    done >>records
    pt-report --quiet --output page.html records
    for width in 1280 390; do
        browser_view "$width" light
        browser_open "file://$PWD/page.html"
        assert_nothing_overlaps
    done
    run -0 chart figures "(({ x }) => x.ticks.every((t, i) => !i || x.getPixelForTick(i) - x.getPixelForTick(i - 1) > 30))(chart.scales)"
    assert_output true
}
