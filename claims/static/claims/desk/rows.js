/* Rows of lists: which one is the current one, and where its words stand in the article. */
import { all, closest, unfold, visible } from "./page.js";

let moves = 0;

/* How often the person has moved: an answer moves the focus only where nobody has moved since it was asked for. */
export function movesMade() { return moves; }
/* What the script itself replaces and focuses again is no move, and the row the server means is not asked there. */
let still = false;
export function unmoved(work) {
  const before = moves;
  still = true;
  try { work(); } finally { still = false; moves = before; }
}
export function rows() { return all("[data-rows] [data-row]").filter((row) => row.getClientRects().length > 0); }
export function currentRow() { return document.querySelector("[data-row].is-current"); }

export function makeCurrent(row, quiet) {
  all("[data-row].is-current").forEach((one) => { if (one !== row) { one.classList.remove("is-current"); } });
  if (!row) { return; }
  unfold(row.parentElement);
  row.classList.add("is-current");
  if (!row.hasAttribute("tabindex")) { row.tabIndex = -1; }
  if (!quiet) { moves++; row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  showPlace(row.dataset.place, !quiet);
}

export function moveRow(step) {
  const list = rows();
  if (!list.length) { return false; }
  const at = list.indexOf(currentRow());
  const next = at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step;
  makeCurrent(list[Math.max(0, Math.min(list.length - 1, next))]);
  return true;
}

/* The row to look at next: the first that waits behind this one, else the first of all; folded ones come last. */
export function nextWaiting(row) {
  const list = all("[data-rows] [data-row]");
  const at = list.indexOf(row);
  const waiting = [...list.slice(at + 1), ...list.slice(0, at + 1)].filter((one) => one.dataset.waiting);
  return waiting.find((one) => one.dataset.waiting === "1") || waiting[0] || null;
}

export function nextPane(back) {
  const panes = all("[data-pane]").filter(visible);
  if (panes.length < 2) { return false; }
  const at = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(at + (back ? -1 : 1) + panes.length) % panes.length];
  next.tabIndex = -1;
  next.focus();
  return true;
}

/* The place of a claim in the text: filled where its row is the current one. */
export function showPlace(place, scroll) {
  const text = document.querySelector("[data-text]");
  if (!text || !place) { return; }
  all(".is-focused", text).forEach((one) => one.classList.remove("is-focused"));
  const parts = all("[data-a~='" + place + "']", text);
  parts.forEach((one) => one.classList.add("is-focused"));
  const first = parts.find((one) => one.classList.contains("m"));
  /* Only the pane of the article moves; the row beside it stays where it is. */
  const pane = first && scroll && text.closest(".article-pane");
  if (!pane || pane.scrollHeight <= pane.clientHeight) { return; }
  const box = pane.getBoundingClientRect(), at = first.getBoundingClientRect();
  if (at.top < box.top + 60 || at.bottom > Math.min(box.bottom, window.innerHeight)) {
    pane.scrollTop += at.top - box.top - pane.clientHeight / 3;
  }
}

/* A row opens when it gets the focus; under a pressed pointer only after the click, or what was aimed at would move. */
let pressing = false, aimed = null;
function opened(row) { if (row && row !== currentRow()) { moves++; makeCurrent(row, true); } }
document.addEventListener("focusin", (event) => {
  const row = closest(event.target, "[data-row]");
  if (pressing) { aimed = row || aimed; } else { opened(row); }
});
document.addEventListener("pointerdown", () => { pressing = true; aimed = null; }, true);
["pointerup", "pointercancel"].forEach((kind) => {
  document.addEventListener(kind, () => {
    setTimeout(() => { pressing = false; if (aimed && aimed.isConnected) { opened(aimed); } aimed = null; }, 0);
  }, true);
});

document.addEventListener("click", (event) => {
  const mark = closest(event.target, "[data-text] .m, [data-text] .gutter a");
  if (mark && window.getSelection().isCollapsed) {
    const places = mark.dataset.a.split(" ");
    const row = closest(document.getElementById("a" + places[places.length - 1]), "[data-row]");
    if (row) { event.preventDefault(); makeCurrent(row); }
    return;
  }
  /* A line of a list opens its row here; without the script it is a link to the same row. */
  const line = closest(event.target, "[data-unfold]");
  if (!line || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
  event.preventDefault();
  makeCurrent(line.closest("[data-row]"));
});

/* After a page or a part of it came in */
export function arrive() {
  const wanted = document.querySelector("[data-row][data-focused]");
  if (!wanted || still) { return; }
  const taken = wanted.hasAttribute("data-take-focus");
  wanted.removeAttribute("data-focused");
  makeCurrent(wanted, !taken);
  showPlace(wanted.dataset.place, taken);
}
