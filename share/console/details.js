// The input and the output of a state, read from the files of the run.

import { indentJson } from "./json.js";
import { file } from "./page.js";

const lines = (text) => text.split("\n").filter(Boolean);
const indentLines = (text) => lines(text).map(indentJson).join("\n");

// The records of a file that a filter accepts. Lines are parsed only for the filter, and shown unchanged.
async function records(run, name, wanted) {
  const kept = lines(await file(run.name, name)).filter((line) => {
    try {
      return wanted(JSON.parse(line));
    } catch {
      return false;
    }
  });
  return kept.map(indentJson).join("\n");
}

const whole = async (run, name) => indentLines(await file(run.name, name));
const journal = (run, ...actions) => records(run, "journal.ndjson", (record) => !actions.length || actions.includes(record.action));
const ofType = (type) => (record) => record.type === type;
const planned = (run) => records(run, "init.ndjson", ofType("configuration"));
const published = (run) => records(run, "publish.ndjson", (record) => record.type === "configuration" || record.type === "failure");
const stats = (run) => records(run, "stats.ndjson", (record) => record.type === "stat" || record.type === "failure");
const counted = (run) => indentJson(JSON.stringify(run.progress));

const CHANGES_OF_CLEANER = ["restore", "delete", "clean"];

const STATES = {
  Initializer: { input: (run) => whole(run, "input.json"), output: (run) => whole(run, "init.ndjson") },
  Chooser: { input: stats, output: (run) => whole(run, "chooser.ndjson") },
  Branching: { input: planned, output: stats },
  Publisher: { input: planned, output: published },
  Executor: { input: published, output: stats },
  IsCountReached: { input: planned, output: async (run) => counted(run) },
  Cleaner: { input: published, output: (run) => journal(run, ...CHANGES_OF_CLEANER) },
  Analyzer: { input: stats, output: (run) => whole(run, "result.json") },
  Optimizer: { input: (run) => whole(run, "result.json"), output: (run) => journal(run, "optimize") },
  CleanUpOnError: { input: published, output: (run) => journal(run, ...CHANGES_OF_CLEANER) },
};

function branch(state, power) {
  const mine = (...types) => (record) => types.includes(record.type) && (record.power ?? record.value) === power;
  if (state === "Publisher")
    return { input: (run) => records(run, "init.ndjson", mine("configuration")), output: (run) => records(run, "publish.ndjson", mine("configuration", "failure")) };
  return {
    input: (run) => records(run, "publish.ndjson", mine("configuration")),
    output: async (run) => [await records(run, "stats.ndjson", mine("stat")), await records(run, "logparse.ndjson", mine("measurement", "failure"))]
      .filter(Boolean).join("\n"),
  };
}

// { input, output } as text, for a box of the graph ("Cleaner", "Executor 512").
export async function detailsOf(run, key) {
  const [state, power] = key.split(" ");
  const from = power ? branch(state, Number(power)) : STATES[state] || { input: async () => "", output: async () => "" };
  const [input, output] = await Promise.all([from.input(run), from.output(run)]);
  return { input, output };
}
