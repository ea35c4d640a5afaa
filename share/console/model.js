// The state of a run, built from its events.

export const STATES = ["Initializer", "Branching", "IsCountReached", "Cleaner", "Analyzer", "Optimizer"];
export const INSIDE = ["Publisher", "Executor"];
export const ON_ERROR = "CleanUpOnError";

const MAX_EVENTS = 1000;

// Shows the states of a live run one after another, even when their records arrive together.
const STEP_MS = 120;

const MAX_EXTRA = 20;

// The files of a run are not trusted. Keeps only members that can be shown: strings, numbers, true and false.
function plain(record) {
  if (typeof record !== "object" || record === null || Array.isArray(record)) return {};
  return Object.fromEntries(Object.entries(record).filter(([, value]) => ["string", "number", "boolean"].includes(typeof value)));
}

const isSize = (power) => Number.isInteger(power) && power > 0 && power <= 10240;
const count = (value) => (Number.isFinite(value) ? value : 0);

export class Run {
  // `changed` is called when a delayed state is due to be shown.
  constructor(name, changed) {
    this.name = name;
    this.changed = changed;
    this.summary = null;
    this.live = false;
    this.forget();
  }

  // Forgets everything that was read from files, because they were replaced.
  forget() {
    clearTimeout(this.timer);
    this.timer = null;
    this.waiting = []; // state records not shown yet
    this.known = this.taken || 0; // how many states were shown before, and will be sent again
    this.taken = 0;
    this.plan = null;
    this.planned = new Map(); // power -> { configurations, invocations }
    this.published = new Map(); // power -> configurations that have a version
    this.excluded = new Map(); // power -> why it was excluded
    this.counts = new Map(); // power -> { done, failed }
    this.stats = new Map();
    this.phases = new Map(); // state -> entered, succeeded, failed
    this.stopped = false;
    this.extra = []; // states of the run that are not listed above
    this.journal = [];
    this.messages = [];
    this.stateEvents = [];
    this.otherEvents = [];
    this.result = null;
  }

  get eventCount() {
    return this.stateEvents.length + this.otherEvents.length;
  }

  get running() {
    return this.summary?.phase === "running";
  }

  get powers() {
    return [...this.planned.keys()].sort((a, b) => a - b);
  }

  // Adds an event that states.ndjson does not have: it comes from the file of a state.
  note(state, at, what, detail, kind = "") {
    this.otherEvents.push({ at, state, what, detail, kind });
    if (this.otherEvents.length > MAX_EVENTS) this.otherEvents.shift();
  }

  // All events in order. Timestamps are whole seconds, so an event within a state is inserted before the end of that
  // state.
  get events() {
    const merged = [...this.stateEvents];
    for (const event of this.otherEvents) {
      const end = merged.findIndex(({ at, detail, kind }) => detail === event.state && kind !== "entered" && (!event.at || at >= event.at));
      merged.splice(end < 0 ? merged.length : end, 0, event);
    }
    return merged;
  }

  takeSummary(summary) {
    this.summary = summary;
    this.live = this.live || this.running;
  }

  takeRecord(file, given) {
    const record = plain(given);
    const take = {
      "init.ndjson": () => this.takePlanned(record),
      "publish.ndjson": () => this.takePublished(record),
      "stats.ndjson": () => this.takeStat(record),
      "journal.ndjson": () => this.takeJournal(record),
      "states.ndjson": () => this.queueState(record),
      "result.json": () => { this.result = record; },
    }[file];
    if (take) take();
  }

  takePlanned(record) {
    if (record.type === "plan") this.plan = record;
    if (record.type !== "configuration" || !isSize(record.power)) return;
    const planned = this.planned.get(record.power) || { configurations: 0, invocations: 0 };
    planned.configurations += 1;
    planned.invocations += record.index === undefined ? count(record.num) : 1;
    this.planned.set(record.power, planned);
  }

  takePublished(record) {
    if (!isSize(record.power)) return;
    if (record.type === "configuration") {
      this.published.set(record.power, (this.published.get(record.power) || 0) + 1);
      if (record.borrowed) this.note("Publisher", "", "VersionBorrowed", `${record.power} MB: version ${record.version}, which existed before`);
    } else if (record.type === "failure" && record.excluded) {
      this.exclude(record);
    }
  }

  exclude(record) {
    if (this.excluded.has(record.power)) return;
    this.excluded.set(record.power, record.message || record.kind);
    this.note("Executor", "", "SizeExcluded", `${record.power} MB: ${record.message || record.kind}`, "failed");
  }

  takeStat(record) {
    if (record.type === "failure" && record.excluded && isSize(record.power)) this.exclude(record);
    if (record.type !== "stat" || !isSize(record.value)) return;
    this.stats.set(record.value, record);
    const duration = typeof record.averageDuration !== "number" ? "no statistics" : `${record.averageDuration.toFixed(1)} ms on average`;
    this.note("Executor", "", "SizeMeasured", `${record.value} MB: ${duration}`);
  }

  takeJournal(record) {
    this.journal.push(record);
    const state = this.stateOf(record.action);
    if (record.phase === "refused") this.note(state, record.at, "ChangeRefused", record.action, "failed");
    if (record.phase === "outcome" && record.action !== "clean") this.note(state, record.at, CHANGES[record.action] || "FunctionChanged", describeChange(record, this.intent));
    this.intent = record.phase === "intent" ? record : null;
  }

  // The state that makes such a change. The Publisher restores, too.
  stateOf(action) {
    if (action === "optimize") return "Optimizer";
    if (action !== "delete") return "Publisher";
    return this.phases.has(ON_ERROR) ? ON_ERROR : "Cleaner";
  }

  queueState(record) {
    this.taken += 1;
    if (!this.live || this.taken <= this.known) {
      this.takeState(record);
      return;
    }
    this.waiting.push(record);
    if (!this.timer) this.nextState();
  }

  nextState() {
    const record = this.waiting.shift();
    this.timer = record ? setTimeout(() => this.nextState(), STEP_MS) : null;
    if (record) this.takeState(record);
    this.changed();
  }

  takeState(record) {
    if (record.type === "execution") {
      if (record.phase === "entered") this.phases.clear();
      this.stopped = record.phase === "stopped";
      const how = { entered: "ExecutionStarted", succeeded: "ExecutionSucceeded", failed: "ExecutionFailed", stopped: "ExecutionStopped", recovered: "ExecutionRecovered" };
      const detail = record.signal ? `by signal ${record.signal}` : record.exitStatus ? `exit code ${record.exitStatus}` : "";
      this.stateEvents.push({ at: record.at, what: how[record.phase] || "Execution", detail, kind: record.phase });
      return;
    }
    const { state, phase } = record;
    if (record.type !== "state" || typeof state !== "string" || !/^[A-Za-z]+$/.test(state) || typeof phase !== "string") return;
    if (![...STATES, ...INSIDE, ON_ERROR, ...this.extra].includes(state)) {
      if (this.extra.length === MAX_EXTRA) return;
      this.extra.push(state);
    }
    this.phases.set(state, phase);
    const how = { entered: "StateEntered", succeeded: "StateSucceeded", failed: "StateFailed" };
    this.stateEvents.push({ at: record.at, what: how[phase] || "State", detail: state, kind: phase });
  }

  takeCounts(rows) {
    for (const { power, counts } of rows) {
      const failed = counts.failure || 0;
      const done = (counts.measurement || counts.invocation || 0) + failed;
      const before = this.counts.get(power) || { done: 0, failed: 0 };
      this.counts.set(power, { done: Math.max(done, before.done), failed: Math.max(failed, before.failed) });
    }
  }

  // A state that was entered and not left ended with its run. After Stop, a failed state is shown as stopped.
  phaseOf(state) {
    const phase = this.phases.get(state);
    if (!phase) return "idle";
    if (phase === "failed" && this.stopped && state !== ON_ERROR) return "stopped";
    return phase === "entered" && !this.running && !this.timer ? "interrupted" : phase;
  }

  publisherOf(power) {
    if (this.excluded.has(power) && !this.published.has(power)) return "failed";
    const whole = this.phaseOf("Publisher");
    const all = (this.published.get(power) || 0) >= this.plannedOf(power).configurations;
    if (all && whole !== "idle") return "succeeded";
    return whole === "succeeded" ? "idle" : whole;
  }

  executorOf(power) {
    if (this.excluded.has(power)) return "failed";
    const { done } = this.countOf(power);
    const whole = this.phaseOf("Executor");
    if (whole === "idle") return "idle";
    if (this.stats.has(power) || done >= this.plannedOf(power).invocations) return "succeeded";
    if (whole === "entered") return this.published.has(power) ? "entered" : "idle";
    return done || this.published.has(power) ? whole : "idle";
  }

  plannedOf(power) {
    return this.planned.get(power) || { configurations: 0, invocations: 0 };
  }

  // The counts over all rounds: the statistics at the end contain their sums.
  countOf(power) {
    const { done, failed } = this.counts.get(power) || { done: 0, failed: 0 };
    const { count = 0, failed: wrong = 0, lost = 0, noReport = 0 } = this.stats.get(power) || {};
    return { done: Math.max(done, count + wrong + lost + noReport), failed: Math.max(failed, wrong + lost + noReport) };
  }

  // The words before the number of invocations when there may be fewer.
  get atMost() {
    return this.plan?.untilSure ? "at most " : "";
  }

  get progress() {
    let done = 0;
    let all = 0;
    for (const power of this.powers) {
      done += Math.min(this.countOf(power).done, this.plannedOf(power).invocations);
      all += this.plannedOf(power).invocations;
    }
    return { done, all };
  }
}

const CHANGES = { publish: "VersionPublished", delete: "VersionDeleted", update: "FunctionUpdated", restore: "FunctionRestored", optimize: "FunctionOptimized" };

// Describes a change that was made. Only the intent of a publish has the memory size of the version.
function describeChange({ version, memorySizeMB, alias }, intent) {
  const size = memorySizeMB || (intent?.action === "publish" && intent.power);
  return [size && `${size} MB`, version && `version ${version}`, alias && `alias ${alias}`].filter(Boolean).join(": ");
}

// "20261123T210048Z" as a Date.
export function timeOf(at) {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(at || "");
  if (!match) return null;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

export const PHASE_WORDS = {
  idle: "not entered",
  entered: "in progress",
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  interrupted: "interrupted",
  stopped: "stopped",
  killed: "killed",
  recovered: "restored",
};
