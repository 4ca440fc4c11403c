/* Keys, by physical key: the same place on every keyboard layout.

   The table of keys comes with the page (claims/workbench/keyboard.py): what the script itself does is bound here by
   its name there, and everything else is a button, link or field of the page that carries its key. The overlay
   lists the same two. */
import { takeBack } from "./acts.js";
import { all, closest, spanEdit, typing, visible, words } from "./page.js";
import { currentRow, moveRow, nextPane } from "./rows.js";

const SYMBOLS = { Slash: ["/", "?"], BracketLeft: ["[", "{"], Equal: ["=", "+"] };
const CHORD_MS = 1200;
const root = document.documentElement;
let chord = "", chordTimer = 0;

function table() {
  const source = document.getElementById("key-table");
  return source ? JSON.parse(source.textContent) : [];
}
const KEYS = table();

const DOES = {
  "row-next": () => moveRow(1),
  "row-previous": () => moveRow(-1),
  "row-open": openRow,
  "pane-next": () => nextPane(false),
  "pane-previous": () => nextPane(true),
  "undo": () => takeBack(null),
  "overlay": () => opened("keys-overlay", (file) => file.fillOverlay(keysHere())),
  "palette": () => opened("palette", (file) => file.fillPalette(keysHere(), act)),
  "leave": leave,
  "submit": submitField,
};

/* Open one of the two dialogs. It is there at once, so that no letter is taken for a key of the page; its file comes
   after it, and keys that were meant for it wait until then. */
function opened(id, fill) {
  const dialog = document.getElementById(id), early = [];
  if (!dialog) { return false; }
  const field = dialog.querySelector("[role=combobox]");
  const wait = (event) => {
    if (event.key === "Enter" || event.key.startsWith("Arrow")) { early.push(event.key); event.preventDefault(); }
    event.stopPropagation();
  };
  if (!dialog.open) { dialog.showModal(); }
  // Closed before its file has come: what was pressed in it is not done behind its back.
  dialog.addEventListener("close", () => { early.length = 0; }, { once: true });
  if (field) { field.value = ""; field.focus(); dialog.addEventListener("keydown", wait); }
  import("./palette.js").then((file) => {
    dialog.removeEventListener("keydown", wait);
    fill(file);
    early.forEach((key) => field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })));
  }, () => {
    // It stays open: what is typed on is no key of the page.
    dialog.querySelector("[data-palette-count], [data-keys-list]").textContent = words("unreachable");
  });
  return true;
}

/* The name of a pressed key: its letter in place, with what is held. */
function named(event) {
  const code = event.code || "", held = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  if (event.key === "F6") { return event.shiftKey ? "Shift+F6" : "F6"; }
  if (/^Key[A-Z]$/.test(code)) {
    const letter = code.slice(3);
    return held ? held + letter : event.shiftKey ? letter : letter.toLowerCase();
  }
  if (/^(Digit|Numpad)[0-9]$/.test(code) && !event.shiftKey) { return held + code.slice(-1); }
  if (event.key && event.key.length === 1 && event.key.charCodeAt(0) < 128) { return held + event.key; }
  if (SYMBOLS[code]) { return held + SYMBOLS[code][event.shiftKey ? 1 : 0]; }
  return event.key ? held + event.key : "";
}

/* What carries a key: the current row's own first; a row's buttons may be folded away with it and still be meant. */
function keyed(key) {
  const row = currentRow();
  const own = row ? all("[data-key]", row).filter((one) => one.dataset.key === key) : [];
  if (own.length) {
    if (row.classList.contains("is-settled")) { return null; }
    return own.find(visible) || own[0];
  }
  const others = all("[data-key]").filter((one) => one.dataset.key === key && !closest(one, "[data-row]"));
  return others.find(visible) || others[0] || null;
}

function act(element) {
  if (element.matches("input, textarea, select") && !["checkbox", "radio", "submit", "button"].includes(element.type)) {
    element.focus();
    if (element.select) { element.select(); }
  } else if (element.hasAttribute("data-focus-only")) {
    (document.querySelector("input[name='" + element.name + "']:checked") || element).focus();
  } else { element.click(); }
}

function openRow() {
  const row = currentRow(), open = row && row.querySelector("[data-open]");
  if (!open) { return false; }
  open.click();
  return true;
}
function leave(event) {
  if (typing(event.target)) {
    event.target.blur();
    const row = currentRow();
    if (row) { row.focus({ preventScroll: true }); }
    return false;
  }
  all("details.menu[open]").forEach((menu) => { menu.open = false; });
  const element = keyed("Escape");
  if (element) { element.click(); }
  return false;
}
function submitField(event) {
  const form = event.target.form;
  if (!form || !typing(event.target)) { return false; }
  const onward = event.shiftKey && form.querySelector("[data-submit-next]");
  form.requestSubmit(onward || form.querySelector("[data-submit]") || undefined);
  return true;
}

/* Ctrl+Enter keeps its name with Shift, which only says where to go afterwards. */
const inText = (key) => key.length > 1 && !key.includes(" ") && key !== "Enter";

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey || closest(event.target, "dialog[open]")) { return; }
  if (spanEdit.editing() && spanEdit.key(event)) { event.preventDefault(); return; }
  if (event.key === "Control" || event.key === "Meta") { import("./palette.js").catch(() => {}); }
  if (["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"].includes(event.key)) { return; }
  const key = named(event);
  if (!key) { return; }
  const always = inText(key);
  if (!always && (typing(event.target) || root.dataset.keys === "off" || event.ctrlKey || event.metaKey)) { return; }
  if (key === "Enter" && closest(event.target, "a, button, summary, input")) { return; }
  const pressed = chord ? chord + " " + key : key;
  clearTimeout(chordTimer);
  chord = "";
  const bound = KEYS.find((one) => one.does && one.keys.includes(pressed));
  const moving = bound && bound.does.startsWith("row-");
  /* A key that is held down moves on, and does nothing twice. */
  if (event.repeat && !moving) { if (!always) { event.preventDefault(); } return; }
  if (bound && DOES[bound.does](event)) { event.preventDefault(); return; }
  if (always) { return; }
  const element = keyed(pressed);
  if (element) { event.preventDefault(); act(element); return; }
  if (KEYS.some((one) => one.keys.some((name) => name.startsWith(pressed + " ")))) {
    chord = pressed;
    chordTimer = setTimeout(() => { chord = ""; }, CHORD_MS);
  }
});

document.addEventListener("click", (event) => {
  const link = closest(event.target, "[data-opens]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
  if (DOES[link.dataset.opens](event)) { event.preventDefault(); }
});

/* The keys that mean something on this page now: [keys, words, element or null], for the overlay and the palette. */
function keysHere() {
  const row = currentRow(), seen = new Set(), found = [];
  all("[data-key]").forEach((one) => {
    const key = one.dataset.key, outside = closest(one, "[data-row]");
    if (seen.has(key) || closest(one, "dialog") || (outside && outside !== row) || keyed(key) !== one) { return; }
    if (one.disabled || !labelOf(one)) { return; }
    seen.add(key);
    found.push({ keys: [key], words: labelOf(one), element: one });
  });
  KEYS.filter((one) => one.does && (!one.needs || document.querySelector(one.needs))).forEach((one) => {
    found.push({ keys: one.keys, words: one.words, element: null });
  });
  return found;
}

/* What a person calls it: its label without the key beside it. */
function labelOf(element) {
  if (element.getAttribute("aria-label")) { return element.getAttribute("aria-label"); }
  const source = element.labels && element.labels.length ? element.labels[0] : element;
  const copy = source.cloneNode(true);
  all("kbd, .count, small", copy).forEach((one) => one.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}
