/* Draws the charts of a report with Chart.js, from the figures in the JSON of the page. It computes no figures:
   without JavaScript the tables of the page show the same. Text from the figures is set as text or drawn on a
   canvas, never as HTML. */
"use strict";
(() => {
    const { runs } = JSON.parse(document.getElementById("figures").textContent);
    const charts = [];

    /* ---- looks ---- */

    const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    const runColour = (index) => colour(`run-${index % 6}`);
    const faded = (name, share) => {
        const [r, g, b] = [1, 3, 5].map((at) => parseInt(colour(name).slice(at, at + 2), 16));
        return `rgba(${r}, ${g}, ${b}, ${share})`;
    };
    const pointStyles = ["circle", "rectRot", "triangle", "rect", "star", "crossRot"];
    const dashes = [[], [8, 4], [3, 3], [12, 4, 3, 4], [2, 6], [16, 4]];
    const shorten = (words, most = 70) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);
    const milliseconds = (time) => `${time.toFixed(2)} ms`;
    const price = (cost, currency) => `${cost.toPrecision(5)} ${currency}`;

    /* ---- the axes ---- */

    const axis = (title, more = {}) => ({
        title: { display: true, text: title, color: colour("muted") },
        ticks: { color: colour("muted") },
        grid: { color: colour("line"), borderColor: colour("line") },
        beginAtZero: true,
        ...more,
    });

    /* Ticks at the memory sizes, where there is room for them. */
    const memoryTicks = (powers) => (scale) => {
        const [first, last] = [powers[0], powers[powers.length - 1]];
        const distance = ((last - first) / Math.max(scale.chart.width - 140, 100)) * 46;
        let before = -Infinity;
        scale.ticks = powers.filter((power) => power - before >= distance && (before = power)).map((value) => ({ value }));
    };

    const memoryAxis = (powers) => {
        const span = powers[powers.length - 1] - powers[0] || powers[0];
        return axis("Memory (MB)", {
            type: "linear",
            beginAtZero: false,
            min: powers[0] - span * 0.03,
            max: powers[powers.length - 1] + span * 0.03,
            ticks: { color: colour("muted"), autoSkip: false, maxRotation: 0, callback: (value) => String(value) },
            afterBuildTicks: memoryTicks(powers),
        });
    };

    /* ---- marks: the chosen and the present size ---- */

    const marks = (list) => ({
        id: "marks",
        beforeDatasetsDraw(chart) {
            const { ctx, chartArea, scales } = chart;
            ctx.save();
            ctx.font = `600 12px ${Chart.defaults.font.family}`;
            list.forEach(({ power, words, ink }, row) => {
                const x = scales.x.getPixelForValue(power);
                const y = chartArea.top - 8 - 16 * (list.length - 1 - row);
                const half = ctx.measureText(words).width / 2;
                ctx.strokeStyle = ink;
                ctx.setLineDash([4, 4]);
                ctx.lineWidth = 1.5;
                ctx.beginPath();
                ctx.moveTo(x, y + 4);
                ctx.lineTo(x, chartArea.bottom);
                ctx.stroke();
                const middle = Math.min(Math.max(x, half + 2), chart.width - half - 2);
                ctx.textAlign = "center";
                ctx.fillStyle = colour("card"); /* hides the line of another mark under the words */
                ctx.fillRect(middle - half - 2, y - 12, 2 * half + 4, 15);
                ctx.fillStyle = ink;
                ctx.fillText(words, middle, y);
            });
            ctx.restore();
        },
    });

    const marksOf = (run) => {
        const list = [];
        if (run.chosen !== undefined) {
            const words = run.present === run.chosen ? "chosen and now" : "chosen";
            list.push({ power: run.chosen, words: `${words}: ${run.chosen} MB`, ink: colour("good") });
        }
        const known = run.sizes.concat(run.out).some(({ power }) => power === run.present);
        if (known && run.present !== run.chosen)
            list.push({ power: run.present, words: `now: ${run.present} MB`, ink: colour("muted") });
        return list;
    };

    /* ---- datasets and charts ---- */

    /* Charts with many points have smaller ones. */
    const line = (label, ink, more) => ({
        label,
        borderColor: ink,
        backgroundColor: ink,
        pointRadius: more.data.length > 20 ? 2 : 5,
        pointHoverRadius: 7,
        borderWidth: 2.5,
        ...more,
    });

    /* The area between two percentiles: its upper edge, filled down to the dataset before it. */
    const bandDatasets = (run) => {
        const sizes = run.sizes.filter(({ band }) => band);
        const edge = (at) => sizes.map(({ power, band }) => ({ x: power, y: band[at] }));
        const area = (label, at, more) => ({
            label,
            data: edge(at),
            borderWidth: 0,
            pointRadius: 0,
            pointHitRadius: 0,
            order: 10,
            tooltip: false,
            ...more,
        });
        if (!sizes.length) return [];
        return [
            area("", 0, { legend: false, group: "band" }),
            area(`fastest to p90 of ${run.bandOf}`, 2, { fill: "-1", backgroundColor: faded("duration", 0.28), group: "band" }),
            area(`p90 to p99`, 3, { fill: "-1", backgroundColor: faded("duration", 0.12), group: "tail" }),
        ];
    };

    const outDataset = (run) => ({
        label: "left out",
        data: run.out.map(({ power, reason }) => ({ x: power, y: 0, reason })),
        showLine: false,
        clip: false,
        pointStyle: "crossRot",
        pointRadius: 7,
        pointHoverRadius: 9,
        pointBorderWidth: 3,
        borderColor: colour("muted"),
        backgroundColor: colour("muted"),
        cross: true,
    });

    const tooltip = {
        filter: ({ dataset }) => dataset.tooltip !== false,
        callbacks: {
            title: ([first]) => (first ? `${first.parsed.x} MB` : ""),
            label: ({ dataset, raw }) => {
                if (raw.reason !== undefined) return shorten(`left out: ${raw.reason}`);
                const words = dataset.currency ? price(raw.y, dataset.currency) : milliseconds(raw.y);
                return `${shorten(dataset.label, 40)}: ${words}`;
            },
        },
    };

    const options = (scales, top) => ({
        animation: false,
        maintainAspectRatio: false,
        interaction: { mode: "nearest", axis: "x", intersect: false },
        layout: { padding: { top } },
        plugins: { legend: { display: false }, tooltip },
        scales,
    });

    const drawFigures = (run) => {
        const marked = marksOf(run);
        const powers = run.sizes.concat(run.out).map(({ power }) => power).sort((a, b) => a - b);
        const datasets = [
            ...bandDatasets(run),
            line("average duration", colour("duration"), {
                data: run.sizes.map(({ power, duration }) => ({ x: power, y: duration })),
            }),
            line("cost of a million", colour("cost"), {
                data: run.sizes.map(({ power, cost }) => ({ x: power, y: cost })),
                yAxisID: "cost",
                pointStyle: "rectRot",
                borderDash: dashes[1],
                currency: run.currency,
            }),
        ];
        if (run.out.length) datasets.push(outDataset(run));
        return {
            type: "line",
            data: { datasets },
            plugins: [marks(marked)],
            options: options(
                {
                    x: memoryAxis(powers),
                    y: axis("Duration (ms)", {
                        max: run.durationTop || undefined,
                        ticks: { color: colour("muted"), includeBounds: false },
                    }),
                    cost: axis(`Cost of a million invocations (${run.currency})`, {
                        position: "right",
                        grid: { drawOnChartArea: false, borderColor: colour("line") },
                    }),
                },
                16 * marked.length + 6,
            ),
        };
    };

    const drawStarts = (run) => {
        const known = run.sizes.filter(({ warm, cold }) => warm !== undefined || cold !== undefined);
        const bars = (kind) => ({
            label: `${kind} starts`,
            data: known.map((size) => ({ x: String(size.power), y: size[kind] })),
            backgroundColor: colour(kind),
            borderColor: colour("text"),
            borderWidth: kind === "cold" ? 1 : 0,
            maxBarThickness: 40,
        });
        return {
            type: "bar",
            data: { labels: known.map(({ power }) => String(power)), datasets: [bars("warm"), bars("cold")] },
            options: {
                ...options({ x: axis("Memory (MB)", { grid: { display: false } }), y: axis("Average duration (ms)") }, 6),
                plugins: {
                    legend: { display: false },
                    tooltip: {
                        callbacks: {
                            title: ([first]) => (first ? `${first.label} MB` : ""),
                            label: ({ dataset, raw }) => `${dataset.label}: ${milliseconds(raw.y)}`,
                        },
                    },
                },
                interaction: { mode: "index", intersect: false },
            },
        };
    };

    const drawHistogram = (run, power) => {
        const { bins } = run.histograms.find((histogram) => histogram.power === power);
        const digits = bins[bins.length - 1][1] - bins[0][0] > 20 ? 0 : 2;
        const bars = (kind, at) => ({ label: kind, data: bins.map((bin) => bin[at]), backgroundColor: colour(kind) });
        const hidden = { display: false };
        return {
            type: "bar",
            data: {
                labels: bins.map(([from]) => from.toFixed(digits)),
                datasets: [bars("warm", 2), bars("cold", 3)],
            },
            options: {
                ...options(
                    {
                        x: axis("ms", {
                            stacked: true,
                            grid: hidden,
                            ticks: { color: colour("muted"), maxTicksLimit: 4, maxRotation: 0 },
                        }),
                        y: axis("", { stacked: true, title: hidden, ticks: { color: colour("muted"), precision: 0, maxTicksLimit: 4 } }),
                    },
                    4,
                ),
                datasets: { bar: { barPercentage: 1, categoryPercentage: 0.94 } },
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: hidden,
                    tooltip: {
                        callbacks: {
                            title: ([first]) => {
                                const [from, to] = bins[first.dataIndex];
                                return `${from.toFixed(digits)} to ${milliseconds(to)}`;
                            },
                        },
                    },
                },
            },
        };
    };

    const drawComparison = (figure, title, currency) => {
        const powers = [...new Set(runs.flatMap(({ sizes }) => sizes.map(({ power }) => power)))].sort((a, b) => a - b);
        const datasets = runs.map((run, index) =>
            line(run.label, runColour(index), {
                data: run.sizes.map((size) => ({ x: size.power, y: size[figure] })),
                pointStyle: pointStyles[index % pointStyles.length],
                borderDash: dashes[index % dashes.length],
                currency: currency && run.currency,
            }),
        );
        return {
            type: "line",
            data: { datasets },
            options: options({ x: memoryAxis(powers), y: axis(title) }, 6),
        };
    };

    const configuration = ({ chart, run, power }) => {
        const figures = runs[Number(run)];
        switch (chart) {
            case "figures":
                return figures.sizes.length ? drawFigures(figures) : null;
            case "starts":
                return drawStarts(figures);
            case "histogram":
                return drawHistogram(figures, Number(power));
            case "durations":
                return drawComparison("duration", "Average duration (ms)", false);
            case "costs":
                return drawComparison("cost", `Cost of a million invocations (${figures.currency})`, true);
            default:
                return null;
        }
    };

    /* ---- legends: buttons, which the keyboard reaches ---- */

    const swatch = (dataset) => {
        const sample = document.createElement("span");
        sample.className = "swatch";
        if (dataset.cross) sample.classList.add("cross");
        else if (dataset.order === 10 || !dataset.pointRadius) {
            sample.classList.add("area");
            sample.style.backgroundColor = dataset.backgroundColor;
        } else if (dataset.borderDash && dataset.borderDash.length) sample.classList.add("dashed");
        sample.style.borderColor = dataset.borderColor || "";
        return sample;
    };

    const toggle = (chart, button, dataset) => {
        const shown = button.getAttribute("aria-pressed") !== "true";
        button.setAttribute("aria-pressed", String(shown));
        chart.data.datasets.forEach((other, index) => {
            if (other === dataset || (dataset.group === "band" && other.group === "band")) chart.setDatasetVisibility(index, shown);
        });
        chart.update();
    };

    const fillLegend = (legend, chart) => {
        legend.replaceChildren(
            ...chart.data.datasets
                .filter((dataset) => dataset.legend !== false)
                .map((dataset) => {
                    const button = document.createElement("button");
                    button.type = "button";
                    button.setAttribute("aria-pressed", "true");
                    button.append(swatch(dataset), shorten(dataset.label, 40));
                    button.addEventListener("click", () => toggle(chart, button, dataset));
                    return button;
                }),
        );
    };

    const fillKey = (key) => {
        key.replaceChildren(
            ...["warm", "cold"].map((kind) => {
                const entry = document.createElement("span");
                entry.append(swatch({ backgroundColor: colour(kind) }), `${kind} starts`);
                return entry;
            }),
        );
    };

    /* ---- draws all charts, again when the colours change ---- */

    const draw = () => {
        charts.splice(0).forEach((chart) => chart.destroy());
        Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
        document.querySelectorAll(".histograms").forEach((block) => {
            block.hidden = false;
            fillKey(block.querySelector(".key"));
        });
        document.querySelectorAll("[data-chart]").forEach((figure) => {
            const wanted = configuration(figure.dataset);
            if (!wanted) return;
            figure.hidden = false;
            const chart = new Chart(figure.querySelector("canvas"), wanted);
            charts.push(chart);
            const legend = figure.querySelector(".legend");
            if (legend) fillLegend(legend, chart);
        });
    };

    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    matchMedia("print").addEventListener("change", draw);
    draw();
    document.documentElement.dataset.charts = String(charts.length);
})();
