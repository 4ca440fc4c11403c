/* A session that has ended begins again on the page itself; what that needs comes with the first answer that says so. */
import { say, words } from "./page.js";

export function signIn(text, goOn) {
  import("./session.js").then((file) => file.signInHere(text, goOn), () => say("refusals", words("signedOut")));
}
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 401) { import("./session.js").catch(() => {}); }
});
