/* What every part of the script asks of the page. */

export function all(selector, within) { return Array.from((within || document).querySelectorAll(selector)); }

export function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(name + "="));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/* Sentences come from the page, in the language of the person; {n} stands for a number. */
export function words(name, n) { return (document.body.dataset[name] || "").replace("{n}", String(n)); }

export function say(region, text) {
  const box = document.getElementById(region);
  if (!box) { return; }
  const line = document.createElement("p");
  line.className = "message" + (region === "refusals" ? " error" : "");
  line.textContent = text;
  box.replaceChildren(line);
}

export function visible(element) { return !element.disabled && element.getClientRects().length > 0; }

export function closest(target, selector) { return target && target.closest ? target.closest(selector) : null; }

/* Whether a key pressed there is a letter and no command. */
export function typing(target) {
  if (!target || !target.closest) { return false; }
  if (target.isContentEditable) { return true; }
  const field = target.closest("input, textarea, select");
  return !!field && !["checkbox", "radio", "button", "submit", "file", "reset"].includes(field.type);
}

export function unfold(element) {
  for (let fold = closest(element, "details"); fold; fold = closest(fold.parentElement, "details")) { fold.open = true; }
}

/* Another tab may have signed in since this page was made: the cookie holds the token that counts. For whom the page
   was made goes along, so that nobody does by it what another had typed. */
export function freshToken(form) {
  const token = cookie("csrftoken"), person = document.body.dataset.person;
  all('input[name="csrfmiddlewaretoken"]', form).forEach((field) => {
    if (token) { field.value = token; }
    if (person && !form.querySelector("input[name='made_for']")) {
      field.after(Object.assign(document.createElement("input"), { type: "hidden", name: "made_for", value: person }));
    }
  });
}
/* What the script of an article adds, where there is one: whether the words of a claim are being changed, and what a key
   does to them. */
export const spanEdit = { editing: () => false, key: () => false };
