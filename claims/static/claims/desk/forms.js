/* Forms: questions before an act, drafts that keep themselves, dropped files, ticks. */
import { all, closest, cookie, freshToken, say, words } from "./page.js";
import { signIn } from "./signing.js";

/* Autosave of drafts. What could not be kept is tried again, and the page is not left without a question. */
const SENT_ON_LEAVING = 60000; // more than this a browser does not send for a page that goes
let timers = new WeakMap();
const typed = new WeakMap();   // how often something was typed: what came during a saving is not saved by it
const unsaved = new Set(), lost = new Set();
const saving = new Set();      // one at a time: the next needs the version that this one brings
document.addEventListener("input", function (event) {
  let form = event.target.form;
  if (form && form.dataset.autosave) { unsaved.add(form); typed.set(form, (typed.get(form) || 0) + 1); later(form, 2000); }
});
function later(form, pause) { clearTimeout(timers.get(form)); timers.set(form, setTimeout(save, pause, form)); }
function state(form, text) { let box = form.querySelector("[data-autosave-state]") || document.querySelector("[data-autosave-state]"); if (box) { box.textContent = text; } }
export function save(form) {
  // Handed in meanwhile: nothing is left to keep.
  if (!form.dataset.autosave) { return Promise.resolve(); }
  if (saving.has(form)) { later(form, 300); return Promise.resolve(); }
  saving.add(form);
  freshToken(form);
  const until = typed.get(form);
  const headers = { "X-CSRFToken": cookie("csrftoken"), "X-Autosave": "1", "HX-Request": "true", "X-Person": document.body.dataset.person || "" };
  return fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers }).then(async function (answer) {
    if (answer.status === 401) {
      const text = await answer.text();
      missed(form, words("signedOut"));
      signIn(text, () => save(form));
      return;
    }
    if (answer.headers.has("X-Person-Differs")) { missed(form, words("others")); return; }
    const result = await answer.json();
    if (result.version && form.elements.expected_version) { form.elements.expected_version.value = result.version; }
    if (answer.ok && typed.get(form) === until) { unsaved.delete(form); }
    if (answer.ok) { lost.delete(form); state(form, result.said || ""); } else { missed(form, result.said || ""); }
    form.dispatchEvent(new CustomEvent("desk:saved", { bubbles: true, detail: result }));
  }).catch(function () { missed(form, words("notSaved")); later(form, 10000); }).finally(function () { saving.delete(form); });
}
function missed(form, sentence) { lost.add(form); state(form, sentence); }
function trySaving() { lost.forEach((form) => { if (form.isConnected) { save(form); } }); }
window.addEventListener("online", trySaving);
window.addEventListener("focus", trySaving);
function size(form) { return Array.from(new FormData(form).values()).reduce((sum, one) => sum + (one.size || new Blob([one]).size), 0); }
window.addEventListener("beforeunload", function (event) {
  const stays = (form) => form.isConnected && form.dataset.autosave;
  if ([...lost].some(stays) || [...unsaved].some((form) => stays(form) && size(form) > SENT_ON_LEAVING)) { event.preventDefault(); }
});
document.addEventListener("submit", function (event) { lost.delete(event.target); unsaved.delete(event.target); });
window.addEventListener("pagehide", function () {
  unsaved.forEach(function (form) {
    if (!form.isConnected || !form.dataset.autosave) { return; }
    freshToken(form);
    navigator.sendBeacon(form.dataset.autosave, new FormData(form));
  });
  unsaved.clear();
});

/* Dropped files, and Enter in the box that takes an address, a text or a file */
document.addEventListener("dragover", function (event) { let box = closest(event.target, "[data-drop]"); if (box) { event.preventDefault(); box.classList.add("is-over"); } });
document.addEventListener("dragleave", function (event) { let box = closest(event.target, "[data-drop]"); if (box) { box.classList.remove("is-over"); } });
document.addEventListener("drop", function (event) {
  let box = closest(event.target, "[data-drop]");
  if (!box || !event.dataTransfer.files.length) { return; }
  event.preventDefault(); box.classList.remove("is-over");
  box.querySelector('input[type="file"]').files = event.dataTransfer.files;
  box.requestSubmit();
});
document.addEventListener("keydown", function (event) {
  let field = event.target;
  if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.isComposing && field.matches && field.matches("[data-enter-submits]") && field.value.trim()) {
    event.preventDefault(); field.form.requestSubmit();
  }
});

/* Forms that ask once before they act; one that waits its turn is not asked about again */
const agreed = new WeakSet();
export function agree(form) { agreed.add(form); }
document.addEventListener("submit", function (event) {
  let question = event.submitter && event.submitter.dataset.confirm || event.target.dataset.confirm;
  if (agreed.delete(event.target)) { return; }
  if (question && !window.confirm(question)) { event.preventDefault(); event.stopPropagation(); }
}, true);

document.addEventListener("click", function (event) {
  all("details.menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
  let checker = closest(event.target, "[data-check-all]");
  if (checker) { all(checker.dataset.checkAll).forEach(function (box) { box.checked = checker.checked; }); }
});

/* The bar of what is ticked */
function countTicks() {
  all("[data-ticks-bar]").forEach(function (bar) {
    let ticked = all("[data-tick]").filter(function (box) { return box.form === bar && box.checked; }).length;
    let count = bar.querySelector("[data-ticked]");
    /* What is ticked on other pages counts as well. */
    let elsewhere = Number(count && count.dataset.elsewhere || 0);
    bar.classList.toggle("has-ticks", ticked + elsewhere > 0);
    if (!count) { return; }
    if (count.dataset.ticked === "number") { count.textContent = (ticked + elsewhere).toLocaleString(document.documentElement.lang); return; }
    if (!count.dataset.words) { count.dataset.words = count.textContent; }
    count.textContent = count.dataset.words + ": " + ticked;
  });
}
document.addEventListener("change", countTicks);
document.addEventListener("reset", function () { setTimeout(countTicks, 0); });
document.addEventListener("htmx:afterSettle", countTicks);
window.addEventListener("pageshow", countTicks);


document.addEventListener("submit", (event) => { freshToken(event.target); }, true);
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-Person"] = document.body.dataset.person || "";
});
document.addEventListener("htmx:sendError", () => { say("refusals", words("unreachable")); });
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (![401, 403, 409, 422].includes(status)) { say("refusals", words("broken") + " (" + status + ")"); }
});
