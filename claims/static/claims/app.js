/* The one script of the workbench, in a few files. Every path works without it: it adds keys, an order for acts,
   selections and autosave. docs/reference/keyboard.md says the same at length.

   Keys
     data-key="a"            pressing A clicks (or, for a field, focuses) this; the current row's own comes first
     data-key="g d"          a chord: G, then D
     data-focus-only         the key focuses this radio button, or the chosen one of its group, and chooses none
     data-opens="palette"    a link whose page is a dialog here: palette, or overlay (the keys)
   Rows
     data-rows / data-row    a list and its rows (with an id): J and K move, Enter or O follows data-open inside
     data-waiting="1"        this row still needs somebody: after an act that ends a row the next such row is next;
                             "2" for rows that come when no other waits
     data-focused            the row the server means; data-take-focus moves the focus there as well
     data-unfold             a link to a row that only opens it here
     data-pane               F6 moves between these
   Acts
     form hx-post            an act: kept in order, sent one at a time, answered in the part that hx-target, hx-select,
                             hx-swap and hx-select-oob name (on the form or around it). Its hidden fields are the
                             server's, read again when it is sent; all others, and the button, are the person's
     data-act="undo"         takes back the newest act; what the answer to an act carries takes back that act
     data-makes="accepted"   on a button: the act ends its row, which has this data-state afterwards
     data-also="a4 a5"       on such a button: the act ends these rows with it
     data-on / data-off      on a button that switches: the value it sends to switch on, and off; others of its name
                             are switched off with it, and with data-clears="rejected" those of that name too
     data-confirm="…?"       asks before it is sent
   Text and forms
     data-text               an article: its text content is the stored text, character by character
     data-selection          a form that takes the selected text as start and end
     data-span               the form of one row that changes where its claim begins and ends
     data-autosave="/url/"   a form whose fields are posted there two seconds after the last keystroke;
                             data-autosave-state, inside it or on the page, shows what happened; "desk:saved" brings
                             the whole answer
     data-submit             the button that Ctrl+Enter means
     data-tick, data-ticks-bar, data-ticked, data-check-all    ticks, their bar, their number, all of them
     data-drop               a form whose file field takes what is dropped on it
     data-enter-submits      Enter in this field submits
*/
import { all, say } from "./desk/page.js";
import { arrive, currentRow, makeCurrent, rows } from "./desk/rows.js";
import { save } from "./desk/forms.js";
import { codePoints, editing } from "./desk/article.js";
import { holdWhile } from "./desk/acts.js";
import "./desk/keys.js";
import "./desk/palette.js";

document.documentElement.classList.add("has-script");
let composing = false;
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => { composing = false; document.dispatchEvent(new Event("desk:free")); });
holdWhile(editing);
holdWhile(() => composing);
document.addEventListener("htmx:afterSettle", arrive);
arrive();
window.desk = { all, say, rows, currentRow, makeCurrent, save, codePoints };
