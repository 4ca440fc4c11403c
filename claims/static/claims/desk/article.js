/* Words of an article: what is selected, and where a claim begins and ends. */
import { all, closest, spanEdit, typing } from "./page.js";

/* Offsets are code points of the article; the browser counts UTF-16 units. Converted here and nowhere else. */
function codePoints(text) { return Array.from(text).length; }
function codeUnits(text, points) { return Array.from(text).slice(0, points).join("").length; }
function pointOf(text, node, offset) {
  let range = document.createRange();
  range.setStart(text, 0);
  range.setEnd(node, offset);
  return codePoints(range.toString());
}
function placeOf(text, point) {
  let walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), left = point, node;
  while ((node = walker.nextNode())) {
    let length = codePoints(node.data);
    if (left <= length) { return [node, codeUnits(node.data, left)]; }
    left -= length;
  }
  return null;
}
/* The page holds the text of the article character by character; its numbers are no text. */
function wholeText(text) { return text.textContent; }
function selected() {
  let selection = window.getSelection(), text = document.querySelector("[data-text]");
  if (!text || !selection.rangeCount || selection.isCollapsed) { return null; }
  let range = selection.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) { return null; }
  let start = pointOf(text, range.startContainer, range.startOffset), end = pointOf(text, range.endContainer, range.endOffset);
  if (end <= start) { return null; }
  let points = Array.from(wholeText(text));
  while (start < end && /\s/.test(points[start])) { start++; }
  while (end > start && /\s/.test(points[end - 1])) { end--; }
  return start < end ? { start: start, end: end, text: points.slice(start, end).join("") } : null;
}
let kept = null;
document.addEventListener("selectionchange", function () {
  let found = selected();
  if (!found && document.activeElement && document.activeElement.closest("[data-selection], [data-span]")) { return; }
  kept = found;
  all("[data-selection]").forEach(function (form) {
    fill(form, found);
    let button = form.querySelector("[data-key='+']");
    if (button) { button.classList.toggle("primary", !!found); }
  });
});
function fill(form, found) {
  form.elements.start.value = found ? found.start : "";
  form.elements.end.value = found ? found.end : "";
  let quotation = form.elements.quotation;
  if (quotation && found) { quotation.value = found.text; }
  let shown = form.querySelector("[data-selected]");
  if (shown) { shown.textContent = found ? found.text : ""; }
}
document.addEventListener("click", function (event) {
  let button = closest(event.target, "[data-needs-selection]");
  if (!button) { return; }
  let form = button.form, fold = form.closest("details");
  if (!form.elements.start.value && !(form.elements.quotation && form.elements.quotation.value.trim())) {
    event.preventDefault();
    if (fold) { fold.open = true; }
    if (form.elements.quotation) { form.elements.quotation.focus(); }
  }
});

/* Editing where a claim begins and ends: E, then arrows move the end by a word, with Shift the start. */
let span = null;
spanEdit.editing = () => !!span;
document.addEventListener("click", function (event) {
  let starter = closest(event.target, "[data-edit-span]");
  let text = document.querySelector("[data-text]");
  if (!starter || !text) { return; }
  let row = starter.closest("[data-row]"), form = row && row.querySelector("[data-span]");
  if (!form) { return; }
  event.preventDefault();
  let fold = form.closest("details"); if (fold) { fold.open = true; }
  let whole = wholeText(text), points = Array.from(whole);
  span = { form: form, row: row, text: text, points: points, start: Number(form.dataset.start), end: Number(form.dataset.end) };
  if (kept && kept.start < span.end && kept.end > span.start) { span.start = kept.start; span.end = kept.end; }
  form.classList.add("is-editing");
  showSpan();
});
function isWord(character) { return !!character && !/\s/.test(character); }
function step(from, forward) {
  let points = span.points, at = from;
  if (forward) {
    while (at < points.length && !isWord(points[at])) { at++; }
    while (at < points.length && isWord(points[at])) { at++; }
  } else {
    while (at > 0 && !isWord(points[at - 1])) { at--; }
    while (at > 0 && isWord(points[at - 1])) { at--; }
  }
  return at;
}
function showSpan() {
  span.form.elements.start.value = span.start;
  span.form.elements.end.value = span.end;
  if (span.form.elements.quotation) { span.form.elements.quotation.value = span.points.slice(span.start, span.end).join(""); }
  let from = placeOf(span.text, span.start), to = placeOf(span.text, span.end);
  if (from && to) {
    if (document.activeElement && document.activeElement !== document.body) { document.activeElement.blur(); }
    window.getSelection().setBaseAndExtent(from[0], from[1], to[0], to[1]);
  }
}
spanEdit.key = function (event) {
  if (!span || event.ctrlKey || event.metaKey || event.altKey) { return false; }
  if (typing(event.target)) { return false; }
  if (event.key === "Escape") { endSpan(); return true; }
  if (event.key === "Enter") { let form = span.form; span = null; form.requestSubmit(); return true; }
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") { return false; }
  let forward = event.key === "ArrowRight", next;
  if (event.shiftKey) {
    next = step(span.start, forward);
    if (forward) { while (next < span.points.length && !isWord(span.points[next])) { next++; } }
    if (next < span.end) { span.start = next; }
  } else {
    next = step(span.end, forward);
    if (!forward) { while (next > 0 && !isWord(span.points[next - 1])) { next--; } }
    if (next > span.start) { span.end = next; }
  }
  showSpan();
  return true;
}
function endSpan() {
  let row = span.row;
  span.form.classList.remove("is-editing");
  span.form.elements.start.value = ""; span.form.elements.end.value = "";
  span = null; window.getSelection().removeAllRanges(); row.focus({ preventScroll: true });
  document.dispatchEvent(new Event("desk:free"));
}
/* Whoever shortens the quotation by hand means the field, not the offsets beside it. */
document.addEventListener("input", function (event) {
  let form = event.target.form;
  if (event.target.name === "quotation" && form && form.matches("[data-selection], [data-span]")) { form.elements.start.value = ""; form.elements.end.value = ""; }
});

