// One execution: its graph, the input and output of its states, its result, its report, and the actions on it.

import { detailsOf } from "./details.js";
import { indentJson, showJson } from "./json.js";
import { Machine } from "./machine.js";
import { PHASE_WORDS, timeOf } from "./model.js";
import { attempt, clock, element, file, fill, find, moment, post, notify, span } from "./page.js";

const TABS = ["output", "compare", "input", "events", "terminal"];
const MAX_SHOWN = 200000;

const cut = (text) => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}\n... (${text.length} characters)` : text);

export class Execution {
  constructor(page) {
    this.page = page;
    this.machine = new Machine(find("#machine"), (key) => this.choose(key));
    for (const tab of TABS) find(`#tab-${tab}`).addEventListener("click", () => this.tab(tab));
    find("#tabs").addEventListener("keydown", (event) => this.tabKey(event));
    for (const action of ["stop", "recover", "resume"]) find(`#${action}`).addEventListener("click", () => this.act(action));
    find("#again").addEventListener("click", () => attempt(() => this.again()));
    find("#compare-with").addEventListener("change", () => attempt(() => this.compare()));
    setInterval(() => { if (page.run?.running) this.showFacts(); }, 1000);
  }

  open(run) {
    this.run = run;
    this.key = null;
    this.shown = { output: "" };
    find("#output").textContent = "";
    this.machine.clear();
    find("#details-content").hidden = true;
    find("#details-hint").hidden = false;
    find("#details-title").textContent = "State";
    fill(find("#report"));
    fill(find("#comparison"));
    fill(find("#compare-with"));
    showJson(find("#run-input"), "");
    this.tab("output");
    notify("");
    this.show();
  }

  // ---- shown again after each event ----

  show() {
    // The run has ended and everything is shown; tests wait for this.
    find("#execution").dataset.settled = Boolean(this.run.summary && !this.run.running && !this.run.timer);
    this.machine.show(this.run);
    this.showFacts();
    this.showActions();
    this.showHeadline();
    this.showOutput();
    this.showEvents();
    this.showTerminal();
    this.showOthers();
    this.refreshDetails();
    attempt(() => this.report());
  }

  showFacts() {
    const { run } = this;
    const { summary } = run;
    const name = run.plan?.functionName || summary?.function?.split(":").pop() || summary?.local?.split("/").pop() || run.name;
    document.title = `${name} - power-tune`;
    find("#title").textContent = name;
    const phase = summary?.phase || "running";
    const started = timeOf(summary?.startedAt);
    const ended = timeOf(summary?.endedAt) || new Date();
    const { done, all } = run.progress;
    fill(find("#facts"), element("span", { class: "badge", id: "phase", "data-phase": phase }, PHASE_WORDS[phase]),
      summary?.local ? element("span", { title: summary.local }, "on the embedded Lambda") : element("span", {}, run.plan?.region || ""),
      started && element("span", {}, `${moment(started)}, ${span(ended - started)}`),
      all > 0 && element("span", { id: "progress" }, `${done} of ${run.atMost}${all} invocations`), element("span", { class: "run-name" }, run.name));
  }

  showActions() {
    const { summary } = this.run;
    find("#stop").hidden = summary?.phase !== "running";
    find("#recover").hidden = !summary?.recoverable;
    find("#resume").hidden = !summary?.resumable;
    find("#again").hidden = false;
  }

  // The first sentence about the result that the run printed; without a result, how the run ended.
  showHeadline() {
    const { run } = this;
    const phase = run.summary?.phase;
    const restored = run.phases.get("CleanUpOnError") === "succeeded" || run.phases.get("Cleaner") === "succeeded";
    const sentence = run.messages.find((message) => /^\d+ MB is the /.test(message));
    const texts = {
      succeeded: sentence || (run.result?.power ? `${run.result.power} MB is best.` : "Done."),
      failed: `The execution failed${restored ? "; everything was restored" : ""}.`,
      stopped: `The execution was stopped${restored ? ", and everything was restored" : ""}.`,
      recovered: "The execution was killed, and everything was restored.",
      killed: run.summary?.recoverable ? "The execution was killed before it restored everything. Select Recover to restore it." : "The execution was killed.",
    };
    const why = phase === "failed" ? run.messages.filter((message) => /^(power-tune|pt-[a-z]+): /.test(message) && !/: warning: /.test(message)).pop() : "";
    find("#headline").hidden = !texts[phase];
    find("#headline").dataset.phase = phase || "";
    find("#headline").textContent = [texts[phase], why].filter(Boolean).join(" ");
  }

  async showOutput() {
    const { run } = this;
    const wanted = run.result ? JSON.stringify(run.result) : "";
    find("#no-output").hidden = Boolean(wanted);
    find("#output").hidden = !wanted;
    if (this.shown.output === wanted) return;
    this.shown.output = wanted;
    const text = indentJson(await file(run.name, "result.json"));
    if (this.run === run) showJson(find("#output"), cut(text));
  }

  showEvents() {
    const { run } = this;
    if (this.current !== "events" || this.shown.events === run.eventCount) return;
    this.shown.events = run.eventCount;
    fill(find("#events"), ...run.events.map(({ at, what, detail, kind }) => element("tr", { "data-kind": kind },
      element("td", {}, clock(timeOf(at))), element("td", {}, what), element("td", {}, detail))));
  }

  showTerminal() {
    const { messages } = this.run;
    if (this.current !== "terminal" || this.shown.messages === messages.length) return;
    this.shown.messages = messages.length;
    find("#terminal").textContent = cut(messages.join("\n")) || "This execution was not started by a console: its messages went to its terminal.";
  }

  // The runs to compare with: those that have a result.
  showOthers() {
    const select = find("#compare-with");
    const others = this.page.runs.filter(({ name, power }) => power && name !== this.run.name);
    const wanted = others.map(({ name }) => name).join();
    if (this.shown.others === wanted) return;
    this.shown.others = wanted;
    const chosen = select.value;
    fill(select, element("option", { value: "" }, others.length ? "Select an execution" : "No other execution has an output"),
      ...others.map((other) => element("option", { value: other.name },
        `${(other.function || other.local || other.name).split(/[:/]/).pop()}, ${moment(timeOf(other.startedAt)) || other.name}: ${other.power} MB`)));
    select.value = others.some(({ name }) => name === chosen) ? chosen : "";
  }

  // ---- states ----

  async choose(key) {
    this.key = key;
    this.shown.details = null;
    this.machine.mark(key);
    await this.refreshDetails();
    if (matchMedia("(max-width: 1100px)").matches) find("#details").scrollIntoView({ behavior: "smooth", block: "start" });
  }

  async refreshDetails() {
    const { run, key } = this;
    const now = `${run.eventCount} ${run.journal.length} ${run.summary?.phase} ${run.progress.done}`;
    if (!key || this.shown.details === now || this.reading) return;
    this.reading = true;
    this.shown.details = now;
    const { input, output } = await detailsOf(run, key).finally(() => { this.reading = false; });
    if (this.run !== run) return;
    if (this.key !== key) {
      this.shown.details = null;
      this.refreshDetails();
      return;
    }
    const [state, power] = key.split(" ");
    find("#details-title").textContent = power ? `${state}, ${power} MB` : state;
    find("#details-hint").hidden = true;
    find("#details-content").hidden = false;
    showJson(find("#state-input"), cut(input) || "none");
    showJson(find("#state-output"), cut(output) || "none yet");
  }

  // ---- tabs ----

  tab(name) {
    this.current = name;
    for (const tab of TABS) {
      const chosen = tab === name;
      find(`#tab-${tab}`).setAttribute("aria-selected", chosen ? "true" : "false");
      find(`#tab-${tab}`).tabIndex = chosen ? 0 : -1;
      find(`#panel-${tab}`).hidden = !chosen;
    }
    this.shown.events = this.shown.messages = null;
    this.showEvents();
    this.showTerminal();
    if (name === "input") attempt(() => this.showInput());
  }

  tabKey(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = TABS[(TABS.indexOf(this.current) + step + TABS.length) % TABS.length];
    this.tab(next);
    find(`#tab-${next}`).focus();
  }

  async input() {
    return indentJson(await file(this.run.name, "input.json"));
  }

  async showInput() {
    showJson(find("#run-input"), cut(await this.input()) || "The input of this execution was not kept.");
  }

  // Shows the report of these runs in a frame with an origin of its own, so that it cannot learn the secret address.
  async frame(place, runs) {
    const { run } = this;
    const { address, command } = await post(`api/report?runs=${runs.join()}`);
    if (this.run !== run) return;
    fill(place, element("p", { class: "report-bar" }, element("a", { class: "button", href: address, target: "_blank", rel: "noopener noreferrer" }, "Open in a new tab"),
      element("code", {}, command)), element("iframe", { src: address, title: "Report", sandbox: "allow-scripts allow-popups allow-popups-to-escape-sandbox" }));
  }

  // Shows the report once, when the run has its result.
  async report() {
    const { run } = this;
    if (this.shown.report || !run.result?.power || run.running) return;
    this.shown.report = true;
    await this.frame(find("#report"), [run.name]);
  }

  async compare() {
    const other = find("#compare-with").value;
    if (other) await this.frame(find("#comparison"), [other, this.run.name]);
    else fill(find("#comparison"));
  }

  // ---- actions ----

  async act(action) {
    const button = find(`#${action}`);
    button.disabled = true;
    const done = await attempt(() => post(`api/runs/${this.run.name}/${action}`));
    if (done) notify(`Command: ${done.command}`);
    setTimeout(() => { button.disabled = false; }, 1000);
  }

  async again() {
    const input = await this.input();
    const { local } = this.run.summary || {};
    const region = this.run.plan?.region;
    location.hash = "#/new";
    this.page.startFrom(input || "{}\n", local, region);
  }
}
