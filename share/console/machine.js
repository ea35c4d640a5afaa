// The state machine as a graph: a box for each state, and a branch with counts for each memory size.

import { INSIDE, ON_ERROR, PHASE_WORDS, STATES } from "./model.js";
import { element, find } from "./page.js";

const MARKS = { idle: "○", entered: "◐", succeeded: "✓", failed: "✕", interrupted: "!", stopped: "■" };

// Makes one box; set() changes how it looks when its phase changes.
function makeBox(key, label, select) {
  const mark = element("span", { class: "mark", "aria-hidden": "true" });
  const words = element("span", { class: "unseen" });
  const note = element("span", { class: "note" });
  const bar = element("span", { class: "bar", hidden: true }, element("span"));
  const box = element("button", { type: "button", class: "state", "data-key": key, onclick: () => select(key) }, mark,
    element("span", { class: "label" }, label), note, words, bar);
  const set = (phase, text = "", share = null) => {
    if (box.dataset.phase !== phase) box.dataset.phase = phase;
    mark.textContent = MARKS[phase] || "";
    words.textContent = `: ${PHASE_WORDS[phase] || phase}`;
    note.textContent = text;
    bar.hidden = share === null;
    bar.firstChild.style.setProperty("inline-size", `${Math.round((share || 0) * 100)}%`);
  };
  set("idle");
  return { box, set };
}

const terminal = (label) => element("li", { class: "terminal" }, element("span", {}, label));
const step = (box) => element("li", { class: "step" }, box);

export class Machine {
  constructor(place, select) {
    this.place = place;
    this.select = select;
    this.clear();
  }

  clear() {
    this.boxes = new Map();
    this.drawn = "";
  }

  // Makes the box of a state, or of a state for one memory size.
  make(state, power = null) {
    const key = power === null ? state : `${state} ${power}`;
    const made = makeBox(key, state, this.select);
    this.boxes.set(key, { ...made, state, power });
    return made.box;
  }

  // Draws the boxes anew when they differ from those already drawn.
  draw(run) {
    const drawn = [run.name, run.powers.join(), run.extra.join()].join(" ");
    if (drawn === this.drawn) return;
    this.clear();
    this.drawn = drawn;
    const branches = element("ol", { class: "branches" }, ...run.powers.map((power) => element("li", { class: "branch" },
      element("span", { class: "power" }, `${power} MB`), this.make("Publisher", power),
      this.make("Executor", power))));
    const none = run.powers.length ? null : element("p", { class: "hint" }, "One branch for each memory size");
    const branching = element("li", { class: "step branching" }, this.make("Branching"),
      element("div", { class: "inside" }, ...INSIDE.map((state) => this.make(state))), branches, none);
    const steps = STATES.map((state) => (state === "Branching" ? branching : step(this.make(state))));
    steps.splice(1, 0, ...run.extra.map((state) => step(this.make(state))));
    const error = element("aside", { class: "on-error" }, element("p", { class: "hint" }, "after a failure, or after Stop"), this.make(ON_ERROR));
    const next = steps.indexOf(branching) + 1;
    this.place.replaceChildren(element("ol", { class: "machine" }, terminal("Start"), ...steps.slice(0, next)),
      element("div", { class: "after" }, element("ol", { class: "machine", start: next + 2 }, ...steps.slice(next), terminal("End")), error));
    this.mark(this.selected);
  }

  show(run) {
    this.draw(run);
    for (const { set, state, power } of this.boxes.values()) {
      if (power === null) set(run.phaseOf(state), this.noteOf(run, state));
      else if (state === "Publisher") set(run.publisherOf(power));
      else this.showExecutor(run, power, set);
    }
  }

  noteOf(run, state) {
    if (state !== "Branching" || !run.powers.length) return "";
    const { done, all } = run.progress;
    return `${done} of ${run.atMost}${all}`;
  }

  showExecutor(run, power, set) {
    const { done, failed } = run.countOf(power);
    const all = run.plannedOf(power).invocations;
    const text = `${done}/${run.atMost ? "≤" : ""}${all}${failed ? `, ${failed} failed` : ""}`;
    set(run.executorOf(power), text, all ? Math.min(done / all, 1) : 0);
  }

  mark(key) {
    this.selected = key;
    for (const [name, { box }] of this.boxes) {
      if (name === key) box.setAttribute("aria-current", "true");
      else box.removeAttribute("aria-current");
    }
  }
}

export const machinePlace = () => find("#machine");
