/* Names after @ in a note: those of the list beside it. Every path works without it: the names can be ticked or typed. */
(function () {
  "use strict";
  var menu = document.createElement("div"), field = null, from = 0, at = 0, options = [];
  menu.className = "names-menu"; menu.id = "names-menu"; menu.hidden = true;
  menu.setAttribute("role", "listbox");
  function typed() {
    var before = field.value.slice(0, field.selectionStart), open = before.lastIndexOf("@");
    if (open < 0 || (open > 0 && /[\w.%+@/-]/.test(before[open - 1]))) { return null; }
    var words = before.slice(open + 1);
    if (/\n/.test(words) || words.length > 40) { return null; }
    from = open;
    return words.toLowerCase();
  }
  function hide() {
    menu.hidden = true;
    if (field) { field.removeAttribute("aria-activedescendant"); }
  }
  function show() {
    var words = typed();
    var names = Array.prototype.map.call(field.form.querySelectorAll("[data-name]"), function (one) { return one.textContent; });
    options = words === null ? [] : names.filter(function (name) { return name.toLowerCase().indexOf(words) === 0 ||
      (words && name.toLowerCase().indexOf(" " + words) >= 0); }).slice(0, 8);
    if (!options.length || (options.length === 1 && options[0].toLowerCase() === words)) { hide(); return; }
    at = Math.min(at, options.length - 1);
    menu.setAttribute("aria-label", field.form.querySelector("legend").textContent);
    menu.replaceChildren.apply(menu, options.map(function (name, index) {
      var line = document.createElement("div");
      line.setAttribute("role", "option"); line.id = "name-" + index; line.textContent = name;
      line.setAttribute("aria-selected", index === at ? "true" : "false");
      line.addEventListener("mousedown", function (event) { event.preventDefault(); at = index; insert(); });
      return line;
    }));
    field.after(menu); menu.hidden = false;
    field.setAttribute("aria-controls", "names-menu"); field.setAttribute("aria-activedescendant", "name-" + at);
  }
  function insert() {
    field.setRangeText("@" + options[at] + " ", from, field.selectionStart, "end");
    hide();
  }
  function naming(target) { return target.matches && target.matches("form[data-names] textarea"); }
  document.addEventListener("input", function (event) {
    if (!naming(event.target)) { return; }
    field = event.target; at = 0; show();
  });
  document.addEventListener("keydown", function (event) {
    if (menu.hidden || !naming(event.target)) { return; }
    var moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key]) { at = (at + moves[event.key] + options.length) % options.length; show(); }
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") { insert(); }
    else if (event.key === "Escape") { hide(); }
    else { return; }
    event.preventDefault(); event.stopPropagation();
  }, true);
  document.addEventListener("focusout", function (event) { if (naming(event.target)) { hide(); } });
  // What was typed while this file was on its way.
  if (naming(document.activeElement)) { field = document.activeElement; show(); }
}());
