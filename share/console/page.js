// Helpers for all parts of the page: elements, requests, notices, dates.

export const find = (selector) => document.querySelector(selector);

// element("button", { class: "x", onclick: f }, "text", child...)
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Replaces the children of an element.
export function fill(parent, ...children) {
  parent.replaceChildren(...children.filter(Boolean));
}

export async function ask(path, options = {}) {
  const response = await fetch(path, { cache: "no-store", ...options });
  if (!response.ok) {
    const refusal = await response.json().catch(() => ({}));
    throw new Error(refusal.error || `the console responded with status ${response.status}`);
  }
  return response;
}

export const askJson = async (path, options) => (await ask(path, options)).json();

export const post = (path, body = "") => askJson(path, { method: "POST", body });

// A file of a run as text; "" when it does not exist (yet). Returns only the beginning of a large file.
export async function file(run, name) {
  try {
    return await (await ask(`api/runs/${run}/${name}`)).text();
  } catch {
    return "";
  }
}

export function notify(text, kind = "") {
  const place = find("#notice");
  place.textContent = text;
  place.dataset.kind = kind;
  place.hidden = !text;
}

// Runs an action, and shows its error, if any, as a notice.
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    notify(error.message, "failed");
    return null;
  }
}

export function clock(date) {
  return date ? date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }) : "";
}

export function moment(date) {
  if (!date) return "";
  const today = new Date().toDateString() === date.toDateString();
  return today ? clock(date) : date.toLocaleString([], { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
}

export function span(milliseconds) {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
