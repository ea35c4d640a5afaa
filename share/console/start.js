// The form for a new execution: selects the function, edits the input, starts the run.

import { Editor } from "./editor.js";
import { askJson, attempt, element, fill, find, post, notify } from "./page.js";

const FIRST_INPUT = `{
  "powerValues": [128, 256, 512, 1024, 1536, 3008],
  "num": 10,
  "payload": {},
  "strategy": "cost"
}
`;

const quote = (word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

export class Start {
  constructor(page, started) {
    this.page = page;
    this.started = started;
    this.editor = new Editor(() => this.query(), (good) => this.judge(good));
  }

  begin() {
    const { functions, region, profile } = this.page.setup;
    fill(find("#local-function"), ...functions.map(({ folder, name }) => element("option", { value: folder, title: folder }, name)));
    find("#no-functions").hidden = functions.length > 0;
    find("#region").value = region || "";
    find("#profile").value = profile || "";
    if (!functions.length) find('[name="source"][value="account"]').checked = true;
    for (const radio of document.querySelectorAll('[name="source"]')) radio.addEventListener("change", () => this.placed());
    for (const id of ["#local-function", "#region", "#profile"]) find(id).addEventListener("change", () => this.placed());
    find("#account-function").addEventListener("change", () => this.choose(find("#account-function").value));
    find("#list-functions").addEventListener("click", () => attempt(() => this.list()));
    find("#go").addEventListener("click", () => attempt(() => this.go()));
    this.placed();
    this.editor.value = FIRST_INPUT;
  }

  open() {
    document.title = "New execution - power-tune";
  }

  get local() {
    return find('[name="source"]:checked').value === "local" ? find("#local-function").value : "";
  }

  // The place of the run as query parameters: pairs of name and value.
  get where() {
    if (this.local) return [["local", this.local]];
    return ["region", "profile"].map((name) => [name, find(`#${name}`).value.trim()]).filter(([, value]) => value);
  }

  query() {
    return this.where.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  }

  placed() {
    const local = find('[name="source"]:checked').value === "local";
    find("#local").hidden = !local;
    find("#account").hidden = local;
    this.editor.edited();
  }

  judge(good) {
    find("#go").disabled = !good;
    const { endpointUrl } = this.page.setup || {};
    const words = ["power-tune"];
    if (this.local) words.push("--local", quote(this.local));
    else for (const [name, value] of this.where) words.push(`--${name}=${quote(value)}`);
    if (!this.local && endpointUrl) words.push(`--endpoint-url=${quote(endpointUrl)}`);
    find("#start-command").textContent = `${words.join(" ")} - <<'END'\n${this.editor.value.trimEnd()}\nEND`;
  }

  // Writes the function's name into the input, as the parameter lambdaARN.
  choose(name) {
    if (!name) return;
    const text = this.editor.value;
    const member = /("lambdaARN"\s*:\s*)"(?:[^"\\]|\\.)*"/;
    const value = JSON.stringify(name);
    if (member.test(text)) this.editor.value = text.replace(member, (_, start) => start + value);
    else if (/^\s*\{\s*\}\s*$/.test(text)) this.editor.value = `{\n  "lambdaARN": ${value}\n}\n`;
    else this.editor.value = text.replace("{", () => `{\n  "lambdaARN": ${value},`);
    find("#account-function").value = name;
  }

  async list() {
    notify("");
    const response = await askJson(`api/functions?${this.query()}`);
    const functions = response.output.split("\n").filter(Boolean).map((line) => JSON.parse(line));
    find("#list-command").textContent = `Command: ${response.command}`;
    if (response.status !== 0) notify(response.messages.trim(), "failed");
    fill(find("#account-functions"), ...functions.map(({ functionName }) => element("option", { value: functionName })));
    fill(find("#account-list"), ...functions.map((found) => element("li", {},
      element("button", { type: "button", onclick: () => this.choose(found.functionName) }, element("span", { class: "name" }, found.functionName),
        element("span", { class: "result" }, `${found.memorySizeMB} MB`), element("span", { class: "when" }, found.runtime || found.packageType || "")))));
    if (response.status === 0 && !functions.length) notify("There are no functions in this account and region.");
  }

  // Fills in the input and the place of an earlier run.
  from(input, folder, region) {
    find(`[name="source"][value="${folder ? "local" : "account"}"]`).checked = true;
    if (folder) find("#local-function").value = folder;
    else if (region) find("#region").value = region;
    if (folder && !find("#local-function").value) notify(`The function in ${folder} is not in the list. Start the console with --local ${folder} to list it.`, "failed");
    this.placed();
    this.editor.value = input;
  }

  async go() {
    if (!this.editor.good) return;
    notify("");
    find("#go").disabled = true;
    try {
      const { name } = await post(`api/runs?${this.query()}`, this.editor.value);
      this.started(name);
    } finally {
      find("#go").disabled = !this.editor.good;
    }
  }
}
