/* Forms: questions before an act, drafts that keep themselves, dropped files, ticks. */
import { all, closest, cookie, freshToken, say, words } from "./page.js";

/* Autosave of drafts */
let timers = new WeakMap();
document.addEventListener("input", function (event) {
  let form = event.target.form;
  if (form && form.dataset.autosave) { clearTimeout(timers.get(form)); timers.set(form, setTimeout(save, 2000, form)); }
});
function state(form, text) { let box = form.querySelector("[data-autosave-state]") || document.querySelector("[data-autosave-state]"); if (box) { box.textContent = text; } }
export function save(form) {
  // Handed in meanwhile: nothing is left to keep.
  if (!form.dataset.autosave) { return Promise.resolve(); }
  freshToken(form);
  return fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": cookie("csrftoken"), "X-Autosave": "1" } }).then(function (answer) {
    if (answer.redirected || answer.status === 401) { state(form, words("signedOut")); return null; }
    return answer.json();
  }).then(function (result) {
    if (!result) { return; }
    if (result.version && form.elements.expected_version) { form.elements.expected_version.value = result.version; }
    state(form, result.said || "");
    form.dispatchEvent(new CustomEvent("desk:saved", { bubbles: true, detail: result }));
  }).catch(function () { state(form, words("notSaved")); timers.set(form, setTimeout(save, 10000, form)); });
}
window.addEventListener("pagehide", function () { all("form[data-autosave]").forEach(function (form) { if (timers.get(form)) { navigator.sendBeacon(form.dataset.autosave, new FormData(form)); } }); });

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
    if (count.dataset.ticked === "number") { count.textContent = ticked + elsewhere; return; }
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
