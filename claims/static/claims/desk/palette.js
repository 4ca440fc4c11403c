/* The overlay of keys (?) and the palette (Ctrl+K): native dialogs over the page; without the script both are pages. */
import { all, closest, words } from "./page.js";

const overlay = document.getElementById("keys-overlay");
const palette = document.getElementById("palette");

function kbd(name) {
  const one = document.createElement("kbd");
  one.textContent = { ArrowLeft: "←", ArrowRight: "→", Escape: "Esc" }[name] || name;
  return one;
}

export function fillOverlay(keys) {
  overlay.querySelector("[data-keys-list]").replaceChildren(...keys.map((one) => {
    const line = document.createElement("tr"), head = document.createElement("th"), cell = document.createElement("td");
    head.scope = "row";
    one.keys.forEach((key) => { head.append(...key.split(/ |(?<=Ctrl|Shift)\+/).map(kbd)); });
    cell.textContent = one.words;
    line.append(head, cell);
    return line;
  }));
}
/* The palette: a combobox that offers the acts of this page at once, and pages, claims and articles as they come. */
let field = null, list = null, at = -1, asked = 0, timer = 0, acts = [], perform = null;
export function fillPalette(keys, act) {
  field = palette.querySelector("[role=combobox]");
  list = palette.querySelector("[role=listbox]");
  perform = act;
  // Where one can go stands below, with the same keys.
  acts = keys.filter((one) => one.element && !one.keys[0].startsWith("g "));
  at = 0;
  offer(field.value.trim());
  ask(field.value.trim());
}
function offer(typed) {
  const wanted = typed.toLowerCase();
  const group = palette.querySelector("[data-palette-acts]");
  const found = acts.filter((one) => one.words.toLowerCase().includes(wanted)).slice(0, wanted ? 12 : 8);
  all("[role=option]", group).forEach((one) => one.remove());
  found.forEach((one, n) => {
    const line = document.createElement("div");
    line.setAttribute("role", "option");
    line.id = "palette-act-" + n;
    line.append(Object.assign(document.createElement("span"), { textContent: one.words }), ...one.keys[0].split(" ").map(kbd));
    line.onclick = () => { palette.close(); perform(one.element); };
    group.append(line);
  });
  group.hidden = !found.length;
  choose(typed && at >= 0 ? at : 0);
}
function options() { return all("[role=option]", list).filter((one) => !closest(one, "[hidden]")); }
function choose(n) {
  const lines = options();
  at = lines.length ? (n + lines.length) % lines.length : -1;
  lines.forEach((one, m) => one.setAttribute("aria-selected", String(m === at)));
  if (at < 0) { field.removeAttribute("aria-activedescendant"); return; }
  field.setAttribute("aria-activedescendant", lines[at].id);
  lines[at].scrollIntoView({ block: "nearest" });
}
async function ask(typed) {
  const mine = ++asked, box = palette.querySelector("[data-palette-found]");
  try {
    const answer = await fetch(palette.dataset.palette + "?q=" + encodeURIComponent(typed), { headers: { "HX-Request": "true" } });
    if (mine !== asked) { return; }
    if (!answer.ok) { throw new Error(String(answer.status)); }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const chosen = options()[at];
    box.replaceChildren(...Array.from(page.body.children).map((one) => document.importNode(one, true)));
    const again = options().indexOf(chosen);
    choose(again >= 0 ? again : 0);
    palette.querySelector("[data-palette-count]").textContent = words("found", options().length);
  } catch (_lost) {
    if (mine === asked) { palette.querySelector("[data-palette-count]").textContent = words("unreachable"); }
  }
}
if (palette) {
  palette.addEventListener("input", () => {
    at = 0;
    offer(field.value.trim());
    clearTimeout(timer);
    timer = setTimeout(() => ask(field.value.trim()), 120);
  });
  palette.addEventListener("keydown", (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (steps[event.key]) { choose(at + steps[event.key]); event.preventDefault(); }
    if (event.key === "Home" && event.ctrlKey) { choose(0); event.preventDefault(); }
    if (event.key === "End" && event.ctrlKey) { choose(-1); event.preventDefault(); }
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      const chosen = options()[at];
      if (chosen) { chosen.click(); }
    }
    event.stopPropagation();
  });
  palette.addEventListener("click", (event) => {
    const option = closest(event.target, "[role=option][data-href]");
    if (option) {
      palette.close();
      /* As a link of the page: what was done before goes first. */
      const link = Object.assign(document.createElement("a"), { href: option.dataset.href, hidden: true });
      document.body.append(link);
      link.click();
      link.remove();
    } else if (event.target === palette) { palette.close(); }
  });
}
