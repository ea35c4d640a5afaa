// What is known of a run, put together from its events.

export const STATES = ["Initializer", "Branching", "IsCountReached", "Cleaner", "Analyzer", "Optimizer"];
export const INSIDE = ["Publisher", "Executor"];
export const ON_ERROR = "CleanUpOnError";

const MOST_EVENTS = 1000;

export class Run {
  constructor(name) {
    this.name = name;
    this.summary = null;
    this.forget();
  }

  // Everything that came from files; they were begun anew.
  forget() {
    this.plan = null;
    this.planned = new Map(); // power -> { configurations, invocations }
    this.published = new Map(); // power -> configurations that have a version
    this.excluded = new Map(); // power -> why it was left out
    this.counts = new Map(); // power -> { done, failed }
    this.stats = new Map();
    this.phases = new Map(); // state -> entered, succeeded, failed
    this.extra = []; // states that the design has beside those above
    this.journal = [];
    this.messages = [];
    this.events = [];
    this.result = null;
  }

  get running() {
    return this.summary?.phase === "running";
  }

  get powers() {
    return [...this.planned.keys()].sort((a, b) => a - b);
  }

  note(at, what, detail = "", kind = "") {
    this.events.push({ at, what, detail, kind });
    if (this.events.length > MOST_EVENTS) this.events.shift();
  }

  takeRecord(file, record) {
    if (!record) return;
    const take = {
      "init.ndjson": () => this.takePlanned(record),
      "publish.ndjson": () => this.takePublished(record),
      "stats.ndjson": () => this.takeStat(record),
      "journal.ndjson": () => this.takeJournal(record),
      "states.ndjson": () => this.takeState(record),
      "result.json": () => { this.result = record; },
    }[file];
    if (take) take();
  }

  takePlanned(record) {
    if (record.type === "plan") this.plan = record;
    if (record.type !== "configuration") return;
    const planned = this.planned.get(record.power) || { configurations: 0, invocations: 0 };
    planned.configurations += 1;
    planned.invocations += record.index === undefined ? record.num : 1;
    this.planned.set(record.power, planned);
  }

  takePublished(record) {
    if (record.type === "configuration") {
      this.published.set(record.power, (this.published.get(record.power) || 0) + 1);
      this.note("", "VersionPublished", `${record.power} MB: version ${record.version}${record.borrowed ? ", which was there before" : ""}`);
    } else if (record.type === "failure" && record.excluded) {
      this.exclude(record);
    }
  }

  exclude(record) {
    if (this.excluded.has(record.power)) return;
    this.excluded.set(record.power, record.message || record.kind);
    this.note("", "PowerLeftOut", `${record.power} MB: ${record.message || record.kind}`, "failed");
  }

  takeStat(record) {
    if (record.type === "failure" && record.excluded) this.exclude(record);
    if (record.type !== "stat") return;
    this.stats.set(record.value, record);
    const duration = record.averageDuration === undefined ? "no figures" : `${record.averageDuration.toFixed(1)} ms on average`;
    this.note("", "PowerMeasured", `${record.value} MB: ${duration}`);
  }

  takeJournal(record) {
    this.journal.push(record);
    if (record.phase === "refused") this.note(record.at, "ChangeRefused", record.action, "failed");
    if (record.phase === "outcome") this.note(record.at, "FunctionChanged", describeChange(record));
  }

  takeState(record) {
    if (record.type === "execution") {
      if (record.phase === "entered") this.phases.clear();
      const how = { entered: "ExecutionStarted", succeeded: "ExecutionSucceeded", failed: "ExecutionFailed", stopped: "ExecutionStopped" };
      const detail = record.signal ? `by signal ${record.signal}` : record.exitStatus ? `exit code ${record.exitStatus}` : "";
      this.note(record.at, how[record.phase] || "Execution", detail, record.phase);
      return;
    }
    if (record.type !== "state") return;
    const { state, phase } = record;
    if (![...STATES, ...INSIDE, ON_ERROR, ...this.extra].includes(state)) this.extra.push(state);
    this.phases.set(state, phase);
    const how = { entered: "StateEntered", succeeded: "StateSucceeded", failed: "StateFailed" };
    this.note(record.at, how[phase] || "State", state, phase);
  }

  takeTally(file, rows) {
    for (const { power, counts } of rows) {
      const failed = counts.failure || 0;
      const done = (counts.measurement || counts.invocation || 0) + failed;
      const before = this.counts.get(power) || { done: 0, failed: 0 };
      this.counts.set(power, { done: Math.max(done, before.done), failed: Math.max(failed, before.failed) });
    }
  }

  // A state that was entered and never left has ended with its run.
  phaseOf(state) {
    const phase = this.phases.get(state);
    if (!phase) return "idle";
    return phase === "entered" && !this.running ? "interrupted" : phase;
  }

  publisherOf(power) {
    if (this.excluded.has(power) && !this.published.has(power)) return "failed";
    const all = (this.published.get(power) || 0) >= this.planned.get(power).configurations;
    if (all) return "succeeded";
    const whole = this.phaseOf("Publisher");
    return whole === "succeeded" ? "idle" : whole;
  }

  executorOf(power) {
    if (this.excluded.has(power)) return "failed";
    const { done } = this.countOf(power);
    if (this.stats.has(power) || done >= this.planned.get(power).invocations) return "succeeded";
    const whole = this.phaseOf("Executor");
    if (whole === "entered") return this.published.has(power) ? "entered" : "idle";
    return whole === "succeeded" || (!done && !this.published.has(power)) ? "idle" : whole;
  }

  countOf(power) {
    return this.counts.get(power) || { done: 0, failed: 0 };
  }

  get progress() {
    let done = 0;
    let all = 0;
    for (const power of this.powers) {
      done += Math.min(this.countOf(power).done, this.planned.get(power).invocations);
      all += this.planned.get(power).invocations;
    }
    return { done, all };
  }
}

function describeChange({ action, version, memorySizeMB, alias }) {
  const what = [version && `version ${version}`, memorySizeMB && `${memorySizeMB} MB`, alias && `alias ${alias}`];
  return [action, ...what.filter(Boolean)].join(", ");
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
};
