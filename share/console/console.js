// The page: selects the part that is shown, lists the runs, and receives events from the console.

import { Execution } from "./execution.js";
import { Start } from "./start.js";
import { PHASE_WORDS, Run, timeOf } from "./model.js";
import { askJson, attempt, element, fill, find, moment, notify } from "./page.js";

const page = { setup: null, runs: [], run: null, source: null };
const execution = new Execution(page);
const start = new Start(page, (name) => { location.hash = `#/run/${name}`; });

page.startFrom = (input, folder, region) => start.from(input, folder, region);

// ---- the list ----

function item(run) {
  const name = run.function ? run.function.split(":").pop() : run.local ? run.local.split("/").pop() : run.name;
  const what = run.power ? `${run.power} MB` : PHASE_WORDS[run.phase];
  return element("li", {}, element("a", { href: `#/run/${run.name}`, class: "run", "data-phase": run.phase, "data-name": run.name,
    "aria-current": page.run?.name === run.name ? "page" : null },
    element("span", { class: "dot", title: PHASE_WORDS[run.phase] }), element("span", { class: "name" }, name),
    element("span", { class: "result" }, what), element("span", { class: "when" }, moment(timeOf(run.startedAt)) || run.name)));
}

function showRuns() {
  fill(find("#runs"), ...page.runs.map(item));
  find("#no-runs").hidden = page.runs.length > 0;
}

// ---- events ----

function listen(run) {
  page.source?.close();
  const source = new EventSource(`api/events${run ? `?run=${run.name}` : ""}`);
  page.source = source;
  let waiting = false;
  const later = () => {
    if (waiting || !run) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (page.run === run) execution.show();
    });
  };
  const on = (name, take) => source.addEventListener(name, (event) => {
    if (page.source === source) take(JSON.parse(event.data));
  });
  // After a reconnection, the console sends everything again.
  let lost = false;
  source.onopen = () => {
    run?.forget();
    if (lost) notify("");
    lost = false;
  };
  source.onerror = () => {
    lost = true;
    notify("The console does not respond. Executions continue. Restart the console with: power-tune console", "failed");
  };
  on("runs", (runs) => { page.runs = runs; showRuns(); later(); });
  on("run", (summary) => { run.takeSummary(summary); later(); });
  on("again", () => { run.forget(); later(); });
  on("record", ({ file, record }) => { run.takeRecord(file, record); later(); });
  on("message", ({ text }) => { if (text !== undefined) run.messages.push(text); later(); });
  on("counts", ({ rows }) => { run.takeCounts(rows); later(); });
}

// ---- parts of the page ----

function showPart(name) {
  find("#start").hidden = name !== "start";
  find("#execution").hidden = name !== "execution";
  find("#new").toggleAttribute("aria-current", name === "start");
}

function route() {
  const match = /^#\/run\/([A-Za-z0-9._-]+)$/.exec(location.hash);
  if (match && page.run?.name === match[1]) return;
  page.run = match ? new Run(match[1], () => { if (page.run?.name === match[1]) execution.show(); }) : null;
  showPart(match ? "execution" : "start");
  if (match) execution.open(page.run);
  else start.open();
  showRuns();
  listen(page.run);
  window.scrollTo(0, 0);
}

// A hidden page closes its event stream, because browsers limit the connections to each host.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) page.source?.close();
  else listen(page.run);
});

async function begin() {
  page.setup = await attempt(() => askJson("api/setup"));
  if (!page.setup) return;
  fill(find("#where"), element("bdi", {}, page.setup.runs));
  start.begin();
  window.addEventListener("hashchange", route);
  route();
}

begin();
