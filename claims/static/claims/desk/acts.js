/* Acts: every form with hx-post. They are kept in order, one is on its way at a time, and none is lost.

   What is shown changes at once; a refusal puts it back and says why. A lost connection or an ended session keeps
   what waits, says so, and goes on where it stopped. The attributes are listed in app.js. */
import { agree } from "./forms.js";
import { hold } from "./keep.js";
import { all, closest, cookie, say, words } from "./page.js";
import { arrive, currentRow, makeCurrent, movesMade, nextWaiting, unmoved } from "./rows.js";
import { signIn } from "./signing.js";

const queue = [];              // not answered yet, in the order of the keys
const done = [];               // what can be taken back, newest last
const newest = new Map();      // id of a row -> the row as the server last sent it, where it is not shown yet
const truths = new Map();      // id of a row -> the row before the first act that is not answered
const shownLater = new Map();  // selector of a part -> its last answer, shown when nothing more waits for it
const gestures = new Set(all("[data-act='undo'] [name=gesture]").map((one) => one.value));
const holders = new Set();     // what says that no part may be replaced right now
let sending = null, paused = "", timer = 0, tries = 0, leaving = null, whole = null, stale = null;

export function holdWhile(busy) { holders.add(busy); }
function held() { return Array.from(holders).some((busy) => busy()); }

/* What an act is, taken down when its key is pressed. The version that was seen and the gesture are the server's own
   fields: they are read again when it is sent. All others are the person's. */
const SERVERS = ["expected_version", "gesture"];
function taken(form, button) {
  const inherited = (name) => { const from = form.closest("[" + name + "]"); return from ? from.getAttribute(name) : ""; };
  const row = closest(form, "[data-row][id]");
  const fields = Array.from(new FormData(form).entries()).map(([name, value]) => ({ name, value, own: SERVERS.includes(name) }));
  if (button && button.name) { fields.push({ name: button.name, value: button.value, own: false }); }
  return {
    row: row ? row.id : "", post: form.getAttribute("hx-post"), kind: form.dataset.act || "",
    url: (button && button.getAttribute("formaction")) || form.getAttribute("hx-post"), fields,
    target: inherited("hx-target"), select: inherited("hx-select"), oob: inherited("hx-select-oob"),
    style: inherited("hx-swap") || "outerHTML", makes: button ? button.dataset.makes || "" : "",
    also: button && button.dataset.also ? button.dataset.also.trim().split(/\s+/) : [],
    on: button && button.dataset.on !== undefined ? [button.name, button.dataset.on, !isOn(button)] : null,
    form: form.id, takesBack: null, before: null, tried: false,
  };
}
function serverRow(id) { return newest.get(id) || (whole && whole.querySelector("#" + id)) || truths.get(id) || null; }
/* The form as the server last sent it; null where the act is not possible any more. */
function formNow(act) {
  const wanted = (form) => form.getAttribute("hx-post") === act.post && (form.dataset.act || "") === act.kind;
  if (!act.row) {
    const within = whole || document;
    return all("form[hx-post]", within).find((form) => wanted(form) && !closest(form, "[data-row][id]")) || null;
  }
  const row = serverRow(act.row) || document.getElementById(act.row);
  return row ? all("form[hx-post]", row).find(wanted) || null : null;
}

/* Take an act down and show at once what it will come to. */
export function enqueue(form, button) {
  if (form.dataset.act === "undo" && takeBack(closest(form, "[data-row][id]"))) { return; }
  const act = taken(form, button), row = document.getElementById(act.row);
  act.moves = movesMade();
  if (row) {
    if (!truths.has(act.row)) { truths.set(act.row, row.cloneNode(true)); }
    act.before = look(row);
    row.classList.add("is-pending");
    row.setAttribute("aria-busy", "true");
    if (button && act.on) { press(form, button); }
    if (act.makes) { closeRow(row, act); act.moves = -1; }
  }
  if (act.kind !== "undo") { done.push(act); }
  queue.push(act);
  announce();
  pump();
}

/* Take back the newest act of this page (of one row, if given): its row comes back under the keys. */
export function takeBack(row) {
  const from = row ? done.filter((act) => act.row === row.id) : done;
  const act = from[from.length - 1];
  if (!act) { return false; }
  done.splice(done.indexOf(act), 1);
  const place = document.getElementById(act.row);
  if (place) {
    if (!truths.has(act.row)) { truths.set(act.row, place.cloneNode(true)); }
    paint(place, act.before);
    place.classList.add("is-pending");
    makeCurrent(place);
  }
  queue.push({ ...act, kind: "undo", takesBack: act, makes: "", on: null, before: null, moves: -1, tried: false });
  announce();
  pump();
  return true;
}

/* A switch is on where it offers to switch off. */
function isOn(button) { return button.value !== button.dataset.on; }
function turn(button, on) {
  button.value = on ? button.dataset.off : button.dataset.on;
  if (button.hasAttribute("aria-pressed")) { button.setAttribute("aria-pressed", String(on)); }
}
function press(form, button) {
  const on = !isOn(button);
  all("[data-on]", form).forEach((one) => {
    if (one !== button && (one.name === button.name || (on && one.name === button.dataset.clears))) { turn(one, false); }
  });
  turn(button, on);
}
function closeRow(row, act) {
  const others = act.also.map((id) => document.getElementById(id)).filter((one) => one && one.dataset.waiting);
  [row, ...others].forEach((one) => {
    one.dataset.state = act.makes;
    one.classList.add("is-settled");
    delete one.dataset.waiting;
  });
  const next = nextWaiting(row);
  makeCurrent(next || row);
}
/* How a row looks, as far as acts change it before the answer. */
function look(row) {
  return {
    state: row.dataset.state, waiting: row.dataset.waiting, settled: row.classList.contains("is-settled"),
    buttons: all("[data-on]", row).map(isOn),
  };
}
function paint(row, before) {
  if (!before) { return; }
  row.classList.toggle("is-settled", before.settled);
  ["state", "waiting"].forEach((name) => { if (before[name] === undefined) { delete row.dataset[name]; } else { row.dataset[name] = before[name]; } });
  all("[data-on]", row).forEach((one, n) => {
    if (before.buttons[n] !== undefined) { turn(one, before.buttons[n]); }
  });
}

/* What is sent: the person's own words, and the server's hidden fields as they are now; null where it cannot be. */
function bodyOf(act) {
  const body = new FormData(), undo = act.takesBack;
  const form = formNow(undo ? undo : act);
  if (undo) {
    if (!undo.undoForm) { return null; }
    new FormData(undo.undoForm).forEach((value, name) => {
      body.append(name, name === "expected_version" ? versionOf(undo, form) || value : value);
    });
    act.url = undo.undoForm.getAttribute("hx-post");
    return body;
  }
  if (!form && !versionOf(act, form)) { return null; }
  act.fields.forEach((field) => {
    const now = field.name === "expected_version" ? versionOf(act, form) : field.own && form && form.elements[field.name].value;
    body.append(field.name, now || field.value);
  });
  return body;
}
function versionOf(act, form) {
  const seen = form && form.elements.expected_version, row = act.row && newest.get(act.row);
  return (row && row.dataset.version) || (seen ? seen.value : "");
}

async function pump() {
  if (sending || paused) { return; }
  if (!queue.length) { settle(); return; }
  const act = sending = queue[0], body = bodyOf(act);
  if (!body) {
    sending = null;
    give(act, act.takesBack ? words("cannotUndo") : words("notPossible"));
    return;
  }
  const token = cookie("csrftoken");
  if (token) { body.set("csrfmiddlewaretoken", token); }
  const headers = {
    "HX-Request": "true", "HX-Current-URL": location.href, "HX-Target": (act.target || "").replace("#", ""),
    "X-CSRFToken": token, "X-Person": document.body.dataset.person || "",
  };
  /* Only the last of several for one part needs the whole part back. */
  const behind = queue.filter((one) => one !== act && one.target === act.target).length;
  if (behind) { headers["X-Acts-Waiting"] = String(behind); }
  const files = Array.from(body.values()).some((value) => typeof value !== "string");
  let answer, text;
  try {
    answer = await fetch(act.url, { method: "POST", body: files ? body : new URLSearchParams(body), headers, signal: AbortSignal.timeout(60000) });
    text = await answer.text();
  } catch (_lost) {
    sending = null;
    act.tried = true;
    pause("offline");
    return;
  }
  sending = null;
  if (answer.headers.has("X-Person-Differs")) { pause("differs"); return; }
  if (answer.status === 401) { pause("ended", text); return; }
  if ([429, 502, 503, 504].includes(answer.status)) { pause("busy"); return; }
  tries = 0;
  const page = new DOMParser().parseFromString(text, "text/html");
  if (answer.ok) { answered(act, page, text, answer.url); return; }
  if (act.tried && answer.status === 409 && await isDone(act)) { return; }
  refused(act, page, text, answer.status);
}

/* The answer was lost, and the act came a second time: was it done the first time? */
async function isDone(act) {
  try {
    const answer = await fetch(location.href, { headers: { "X-Person": document.body.dataset.person || "" } });
    const text = await answer.text(), page = new DOMParser().parseFromString(text, "text/html");
    const row = answer.ok && act.row && page.getElementById(act.row);
    if (!row) { return false; }
    const pressed = act.on && all("[data-on]", row).find((one) => one.name === act.on[0] && one.dataset.on === act.on[1]);
    const same = act.makes ? row.dataset.state === act.makes
      : act.on ? !!pressed && isOn(pressed) === act.on[2] : false;
    if (same) { answered(act, page, text, answer.url); }
    return same;
  } catch (_lost) { return false; }
}

function answered(act, page, text, url) {
  queue.shift();
  const part = act.select ? page.querySelector(act.select) : page.getElementById((act.target || "").replace("#", ""));
  if (!part && act.select) { leaving = leaving || (() => { location.href = url; }); }
  const undo = part && part.querySelector("[data-act='undo']"), gesture = undo && undo.elements.gesture;
  act.undoForm = undo && !(gesture && gestures.has(gesture.value)) ? undo : null;
  all("[name=gesture]", page).forEach((one) => gestures.add(one.value));
  const brief = part && part.dataset.brief !== undefined;
  if (brief) { [part, ...all("[data-row][id]", part)].filter((one) => one.dataset.version).forEach((row) => newest.set(row.id, row)); }
  else if (part && act.select) { whole = part; newest.clear(); truths.clear(); } else if (part) { newest.set(part.id, part); truths.delete(part.id); }
  if (!act.undoForm && done.includes(act)) { done.splice(done.indexOf(act), 1); }
  if (part) { tell(page, act.oob); }
  if (brief) { stale = act; } else if (part) { stale = null; shownLater.set(act.target, { act, text }); }
  show();
  announce();
  pump();
}

/* What was said stays until something else is done; warnings of acts in between are not overwritten. */
const warnings = [];
function tell(page, oob) {
  if (!oob) { return; }
  all("#messages .message", page).filter((one) => !one.classList.contains("success")).forEach((one) => warnings.push(one));
}

/* Show answers for parts that nothing more waits for. */
function show() {
  if (held()) { return; }
  shownLater.forEach((answer, target) => {
    const part = document.querySelector(target);
    const more = queue.some((act) => act.target === target || (part && act.row && closest(document.getElementById(act.row), target)));
    if (more) { return; }
    shownLater.delete(target);
    if (part) { replace(part, answer.act, answer.text); }
  });
}

function replace(part, act, text) {
  const current = currentRow(), keptId = current ? current.id : "", moved = act.moves !== movesMade();
  const back = hold(part, (field) => (act.form && field.form && field.form.id === act.form) || (act.row && closest(field, "#" + act.row)));
  if (act.select) { whole = null; newest.clear(); truths.clear(); } else { newest.delete(act.row); truths.delete(act.row); }
  unmoved(() => window.htmx.swap(part, text, { swapStyle: act.style, swapDelay: 0, settleDelay: 0 }, { select: act.select || undefined, selectOOB: act.oob || undefined }));
  const wanted = document.querySelector("[data-row][data-focused]");
  const kept = document.getElementById(keptId);
  if (kept && (moved || !wanted || act.target === "#" + act.row)) {
    all("[data-row][data-focused]").forEach((one) => one.removeAttribute("data-focused"));
    /* Only the focus of this part was lost; elsewhere the person goes on. */
    const lost = !document.activeElement || document.activeElement === document.body;
    makeCurrent(kept, true);
    back();
    if (lost && (!document.activeElement || document.activeElement === document.body)) { kept.focus({ preventScroll: true }); }
  } else { back(); arrive(); }
  const box = document.getElementById("messages");
  if (box) { warnings.splice(0).forEach((one) => { if (!box.textContent.includes(one.textContent)) { box.append(document.importNode(one, true)); } }); }
}

/* A refusal: the row is what it was, what was meant for it afterwards is not done, and the page says so. */
function refused(act, page, text, status) {
  const part = act.select ? page.querySelector(act.select) : null;
  const row = !part && act.row ? page.getElementById(act.row) : null;
  const wrong = part ? part.querySelector(".error, .notice.refuse") : row ? row.querySelector(".notice") : null;
  const notice = part || row ? null : page.querySelector(".refusal, .notice");
  const sentence = wrong ? wrong.textContent.trim() : notice ? "" : words("broken") + " (" + status + ")";
  if (part) { whole = part; newest.clear(); truths.clear(); }
  if (row) { newest.set(act.row, row); truths.delete(act.row); }
  if (part || row) { shownLater.set(act.target, { act: { ...act, form: part ? "" : act.form, moves: -1 }, text }); }
  if (status === 409 && !part && !row) { stale = act; }
  give(act, sentence, notice);
}

/* Give an act up, with all that was meant for its row afterwards. */
function give(act, sentence, notice) {
  const later = queue.filter((one) => one !== act && act.row && one.row === act.row && one.takesBack !== act);
  const gone = queue.filter((one) => one === act || one.takesBack === act || later.includes(one));
  gone.forEach((one) => { queue.splice(queue.indexOf(one), 1); if (done.includes(one)) { done.splice(done.indexOf(one), 1); } });
  const box = document.getElementById("refusals");
  if (notice && box) { box.replaceChildren(document.importNode(notice, true)); } else if (sentence) { say("refusals", sentence); }
  if (later.length && box) {
    const line = document.createElement("p");
    line.className = "message error";
    line.textContent = words("dropped", later.length);
    box.append(line);
  }
  const row = document.getElementById(act.row);
  if (row) {
    const real = serverRow(act.row);
    if (real) { paint(row, look(real)); }
    if (act.also.length || (real && real.dataset.version)) { stale = act; }
    makeCurrent(row);
  }
  if (row) { row.classList.remove("is-pending"); row.removeAttribute("aria-busy"); }
  show();
  announce();
  pump();
}

/* Nothing waits: the page shows what the server has, and what was to come afterwards comes. */
async function settle() {
  show();
  if (!queue.length && !shownLater.size) {
    truths.clear();
    all("[data-row].is-pending").forEach((row) => { row.classList.remove("is-pending"); row.removeAttribute("aria-busy"); });
  }
  if (leaving && !queue.length) { const go = leaving; leaving = null; go(); return; }
  if (!stale || held()) { return; }
  const act = stale;
  stale = null;
  try {
    const answer = await fetch(location.href), text = await answer.text(), part = document.querySelector(act.target);
    const select = act.select || act.target;
    if (answer.ok && part && !queue.length) { replace(part, { ...act, select, row: "", form: "", moves: -1, oob: "" }, text); }
  } catch (_lost) { /* what was refused has been said; the page stays as it is */ }
}
document.addEventListener("desk:free", () => { show(); pump(); });

/* Pauses: what waits is kept, said, and sent again. */
function pause(why, text) {
  paused = why;
  tries++;
  clearTimeout(timer);
  if (why === "offline" || why === "busy") { timer = setTimeout(goOn, Math.min(30000, 500 * 2 ** tries)); }
  if (why === "ended") { signIn(text, goOn); }
  announce();
}
export function goOn() {
  if (!paused || (paused === "differs" && !document.hasFocus())) { return; }
  clearTimeout(timer);
  paused = "";
  announce();
  pump();
}
window.addEventListener("online", goOn);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { goOn(); } });
window.addEventListener("focus", () => { if (paused !== "differs") { goOn(); } });

/* How many are on their way, said when it takes long or does not go on. */
let late = 0;
function announce() {
  document.documentElement.dataset.acts = String(queue.length);
  const box = document.getElementById("acts-state");
  if (!box) { return; }
  clearTimeout(late);
  if (!queue.length) { box.hidden = true; return; }
  const tellNow = () => {
    box.querySelector("[data-acts-words]").textContent = words(paused || "underWay", queue.length);
    box.querySelector("button").hidden = !paused;
    box.hidden = false;
  };
  if (paused || !box.hidden) { tellNow(); } else { late = setTimeout(() => { if (queue.length) { tellNow(); } }, 1000); }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) { return; }
  if (form.hasAttribute("hx-post")) {
    event.preventDefault();
    event.stopPropagation();
    enqueue(form, event.submitter);
  } else if (queue.length && !form.target && form.method !== "dialog") {
    /* A form that leaves the page goes after what was done before it. */
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    leaving = () => { agree(form); form.requestSubmit(button || undefined); };
  }
}, true);
document.addEventListener("click", (event) => {
  const retry = closest(event.target, "[data-acts-retry]");
  if (retry) { paused = paused || "offline"; goOn(); return; }
  const link = closest(event.target, "a[href]");
  if (!link || !queue.length || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || link.target) { return; }
  if (link.origin !== location.origin || (link.pathname === location.pathname && link.hash) || link.hasAttribute("hx-get") || paused) { return; }
  event.preventDefault();
  leaving = () => { location.href = link.href; };
});
window.addEventListener("beforeunload", (event) => { if (queue.length) { event.preventDefault(); } });

/* Parts that htmx brings in by itself keep what a person holds as well. */
let back = null;
document.addEventListener("htmx:beforeSwap", (event) => { back = hold(event.detail.target); });
document.addEventListener("htmx:afterSwap", () => { if (back) { back(); back = null; } });
