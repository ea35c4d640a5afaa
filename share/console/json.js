// Indents and colours JSON text token by token, so that numbers and strings stay unchanged.

// Deeper levels are not indented further; no record of a run has them.
const MAX_INDENTED = 64;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

// Indents JSON by two spaces for each level. Text that is not JSON loses nothing but white space.
export function indentJson(text) {
  const tokens = text.match(TOKEN) || [];
  let out = "";
  let depth = 0;
  const newline = () => "\n" + "  ".repeat(Math.min(Math.max(depth, 0), MAX_INDENTED));
  tokens.forEach((token, index) => {
    const next = tokens[index + 1];
    if (token === "{" || token === "[") {
      const empty = next === "}" || next === "]";
      depth += 1;
      out += token + (empty ? "" : newline());
    } else if (token === "}" || token === "]") {
      const empty = tokens[index - 1] === "{" || tokens[index - 1] === "[";
      depth -= 1;
      out += (empty ? "" : newline()) + token;
    } else if (token === ",") {
      out += token + newline();
    } else {
      out += token === ":" ? ": " : token;
    }
  });
  return out;
}

function kindOf(token, rest) {
  if (token[0] === '"') return /^\s*:/.test(rest) ? "name" : "string";
  if (/^[-0-9]/.test(token)) return "number";
  return /^[a-z]/.test(token) ? "word" : "";
}

// Longer texts are shown without colours, which would be slow.
const MAX_COLOURED = 60000;

// Shows one or more lines of JSON in an element.
export function showJson(element, text) {
  element.textContent = "";
  if (text.length > MAX_COLOURED) {
    element.textContent = text;
    return;
  }
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    element.append(text.slice(at, match.index));
    at = match.index + match[0].length;
    const kind = kindOf(match[0], text.slice(at, at + 8));
    if (!kind) {
      element.append(match[0]);
      continue;
    }
    const span = document.createElement("span");
    span.className = "json-" + kind;
    span.textContent = match[0];
    element.append(span);
  }
  element.append(text.slice(at));
}
