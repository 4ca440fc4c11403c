/* A session that ended begins again on the page itself: nothing that was typed or done there is lost. */
import { all, closest, freshToken, words } from "./page.js";

const waiting = new Set();     // what goes on once somebody is signed in

/* Show the sign-in form of an answer, without what it carries: that waits on this page, in its order. */
export function signInHere(text, goOn) {
  waiting.add(goOn);
  const box = document.getElementById("refusals");
  const form = new DOMParser().parseFromString(text || "", "text/html").querySelector("form[action]");
  if (!box || !form || box.querySelector("[name=password]")) { return; }
  all("[name=carried], [name=next]", form).forEach((one) => one.remove());
  form.dataset.signIn = "";
  const line = document.createElement("p");
  line.textContent = words("ended");
  const notice = document.createElement("div");
  notice.className = "notice warn";
  notice.append(line, document.importNode(form, true));
  box.replaceChildren(notice);
}

function goOnNow() {
  const all = Array.from(waiting);
  waiting.clear();
  all.forEach((one) => one());
}

/* A second step has a page of its own: it opens beside this one, which goes on when one comes back. */
function secondStep(form, address) {
  const link = Object.assign(document.createElement("a"), { href: address, target: "_blank", textContent: words("secondStep") });
  const line = document.createElement("p");
  line.append(link);
  closest(form, ".notice").replaceChildren(line);
}

/* A part that asks for itself shows the same form. It is not left for it either, unless it carries an act. */
function isHere(form) {
  return form.matches("[data-sign-in]") || (!!closest(form, "#refusals") && !!form.querySelector("[name=password]") &&
    !form.querySelector("[name=carried]"));
}
/* Whoever is signing in is not interrupted by the next part that asks. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const box = document.getElementById("refusals");
  if (event.detail.xhr.status === 401 && box && box.querySelector("[name=password]")) { event.detail.shouldSwap = false; }
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!isHere(form)) { return; }
  event.preventDefault();
  event.stopPropagation();
  freshToken(form);
  const tell = (sentence) => form.before(Object.assign(document.createElement("p"), { className: "error", textContent: sentence }));
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const again = page.querySelector("form [name=password]");
    if (answer.ok && !again) {
      if (page.querySelector("form[data-second-step]")) { secondStep(form, answer.url); return; }
      document.getElementById("refusals").replaceChildren();
      goOnNow();
      return;
    }
    const error = page.querySelector(".error, .notice.refuse, .errorlist");
    tell(error ? error.textContent.trim() : words("broken"));
  } catch (_lost) { tell(words("unreachable")); }
}, true);
/* Somebody may have signed in in another tab meanwhile. */
window.addEventListener("focus", () => { if (waiting.size) { goOnNow(); } });
