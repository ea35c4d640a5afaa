// The editor of the input: numbered lines, and the messages of pt-init while the user types.

import { element, fill, find, post } from "./page.js";

const PATIENCE_MS = 250;

// The line of the text that a message refers to: by its number, or by the parameter it names; 0 if neither.
function lineOf(message, text) {
  const line = /^pt-init: standard input:(\d+): /.exec(message);
  if (line) return Number(line[1]);
  const parameter = /^pt-init: (?:warning: )?standard input: ([A-Za-z0-9]+):/.exec(message);
  const at = parameter ? text.indexOf(`"${parameter[1]}"`) : -1;
  return at < 0 ? 0 : text.slice(0, at).split("\n").length;
}

export class Editor {
  // `place` returns the place of the run as a query string; `changed` is called with true when the input is valid.
  constructor(place, changed) {
    this.text = find("#input");
    this.place = place;
    this.changed = changed;
    this.good = false;
    this.asked = 0;
    this.text.addEventListener("input", () => this.edited());
    this.text.addEventListener("scroll", () => { find("#lines").scrollTop = this.text.scrollTop; });
    this.text.addEventListener("keydown", (event) => this.key(event));
  }

  get value() {
    return this.text.value;
  }

  set value(text) {
    this.text.value = text;
    this.edited();
  }

  // Tab inserts two spaces. After Escape, Tab moves the focus out of the editor.
  key(event) {
    if (event.key === "Escape") this.leaving = true;
    else if (event.key === "Tab" && !event.shiftKey && !this.leaving) {
      event.preventDefault();
      this.text.setRangeText("  ", this.text.selectionStart, this.text.selectionEnd, "end");
      this.edited();
    } else if (event.key !== "Tab") this.leaving = false;
  }

  edited() {
    this.number([]);
    this.good = false;
    this.changed(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.check(), PATIENCE_MS);
  }

  number(marked) {
    const count = this.value.split("\n").length;
    if (count > 5000) return;
    fill(find("#lines"), ...Array.from({ length: count }, (_, index) =>
      element("span", { class: marked.includes(index + 1) ? "bad" : null }, `${index + 1}`)));
  }

  async check() {
    const asked = ++this.asked;
    const text = this.value;
    let response;
    try {
      response = await post(`api/check?${this.place()}`, text);
    } catch (error) {
      if (asked === this.asked) this.show([error.message], false, text);
      return;
    }
    if (asked !== this.asked || text !== this.value) return;
    find("#check-command").textContent = `${response.command} <input.json`;
    this.show(response.messages.split("\n").filter(Boolean), response.status === 0, text);
  }

  show(messages, good, text) {
    this.good = good;
    const marked = messages.map((message) => lineOf(message, text));
    this.number(marked);
    const list = messages.map((message, index) => element("li", { class: /^pt-init: warning:/.test(message) ? "warning" : "mistake" },
      marked[index] ? element("button", { type: "button", onclick: () => this.go(marked[index]) }, message) : message));
    if (good) list.push(element("li", { class: "good" }, "The input is valid."));
    fill(find("#mistakes"), ...list);
    this.text.setAttribute("aria-invalid", good ? "false" : "true");
    this.changed(good);
  }

  go(line) {
    const rows = this.value.split("\n");
    const start = rows.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.text.focus();
    this.text.setSelectionRange(start, start + (rows[line - 1] || "").length);
  }
}
