/* The one script of the workbench, in a few files. Every path works without it: it adds keys, an order for acts,
   selections and autosave. What attributes of a page mean to it: docs/reference/keyboard.md. */
import { all, closest, say, spanEdit } from "./desk/page.js";
import { arrive, currentRow, makeCurrent, rows } from "./desk/rows.js";
import { save } from "./desk/forms.js";
import { holdWhile } from "./desk/acts.js";
import "./desk/keys.js";

document.documentElement.classList.add("has-script");
let composing = false;
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => { composing = false; document.dispatchEvent(new Event("desk:free")); });
holdWhile(() => spanEdit.editing());
holdWhile(() => composing);
document.addEventListener("htmx:afterSettle", arrive);
arrive();
window.desk = { all, say, rows, currentRow, makeCurrent, save };

/* Names after @ are offered by a file of their own, fetched when somebody begins to write to others. */
document.addEventListener("focusin", (event) => {
  if (closest(event.target, "form[data-names] textarea")) { import("./names.js").catch(() => {}); }
});
document.addEventListener("click", (event) => {
  if (closest(event.target, "a[href='#discussion']")) { document.getElementById("discussion").open = true; }
});
