/* What a person holds in a part of the page that is replaced: focus, caret, typed words, ticks, open folds, scrolling. */
import { all, closest, unfold } from "./page.js";

const FIELDS = "input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=file]), textarea, select";

/* Where something stands, said so that its successor is found: by its id, else by row, kind and name. */
function mark(element) {
  if (element.id) { return { id: element.id }; }
  const row = closest(element, "[data-row][id]");
  const form = closest(element, "form");
  const kind = element.tagName.toLowerCase();
  let how = kind;
  if (element.dataset.key) { how += "[data-key='" + CSS.escape(element.dataset.key) + "']"; }
  if (element.name) { how += "[name='" + CSS.escape(element.name) + "']"; }
  if (kind === "input" && element.type === "radio") { how += "[value='" + CSS.escape(element.value) + "']"; }
  const action = !row && form ? form.getAttribute("action") : "";
  const same = all(how, row || document);
  return { row: row ? row.id : "", action, how, at: same.indexOf(element) };
}
function find(place) {
  if (place.id) { return document.getElementById(place.id); }
  const within = place.row ? document.getElementById(place.row) : document;
  return within ? all(place.how, within)[place.at] || null : null;
}

function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") { return field.checked !== field.defaultChecked; }
  if (field.tagName === "SELECT") { return Array.from(field.options).some((one) => one.selected !== one.defaultSelected); }
  return field.value !== field.defaultValue;
}

/* Return a function that gives everything back; `sent` are the forms whose words have arrived. */
export function hold(part, sent) {
  const active = document.activeElement, inside = active && active !== document.body && part.contains(active);
  const focus = inside ? mark(active) : null;
  const row = inside ? closest(active, "[data-row][id]") : null;
  const caret = inside && typeof active.selectionStart === "number" ? [active.selectionStart, active.selectionEnd] : null;
  const typed = all(FIELDS, part).filter((field) => changed(field) && !(sent && sent(field)))
    .map((field) => ({ place: mark(field), value: field.value, checked: field.checked }));
  const open = all("details[open]", part).map(mark);
  const panes = all("[data-pane]").map((pane) => pane.scrollTop), top = window.scrollY;
  return function back() {
    open.forEach((place) => { const fold = find(place); if (fold) { fold.open = true; } });
    typed.forEach((one) => {
      const field = find(one.place);
      if (!field) { return; }
      if (field.type === "checkbox" || field.type === "radio") { field.checked = one.checked; } else { field.value = one.value; }
      unfold(field.parentElement);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const panesNow = all("[data-pane]");
    panes.forEach((at, n) => { if (panesNow[n]) { panesNow[n].scrollTop = at; } });
    window.scrollTo(window.scrollX, top);
    if (!focus || (document.activeElement && document.activeElement !== document.body && document.activeElement.isConnected)) { return; }
    const next = find(focus) || (row && document.getElementById(row.id));
    if (!next) { return; }
    next.focus({ preventScroll: true });
    if (caret && next.setSelectionRange) { try { next.setSelectionRange(caret[0], caret[1]); } catch (_kind) { /* a field without a caret */ } }
  };
}
