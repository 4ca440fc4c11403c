/* The claim and the approval page: citing with [, points, ticks. Every path works without it. */
(function () {
  "use strict";
  var desk = window.desk || {};
  var all = desk.all || function (selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); };

  /* Citations: typing [ in the justification or a point's answer offers the evidence, what is cited first. */
  var menu = document.getElementById("cite-menu");
  var field = null, from = 0, at = 0, options = [];
  function offered(filter) {
    var words = filter.toLowerCase();
    var rows = all("[data-evidence]").filter(function (row) { return !row.classList.contains("is-rejected"); });
    var cited = rows.filter(function (row) { return row.dataset.cited; });
    return (cited.length ? cited : rows).map(function (row) {
      return { id: row.dataset.evidence, title: row.dataset.title };
    }).filter(function (one) { return !words || (one.title + " " + one.id).toLowerCase().indexOf(words) >= 0; }).slice(0, 12);
  }
  function show(filter) {
    options = offered(filter);
    if (!options.length) { hide(); return; }
    at = Math.min(at, options.length - 1);
    menu.replaceChildren.apply(menu, options.map(function (one, index) {
      var line = document.createElement("div");
      line.setAttribute("role", "option"); line.id = "cite-" + one.id;
      line.setAttribute("aria-selected", index === at ? "true" : "false");
      line.textContent = "[e:" + one.id + "] " + one.title;
      line.addEventListener("mousedown", function (event) { event.preventDefault(); at = index; insert(); });
      return line;
    }));
    menu.hidden = false;
    field.after(menu);
    field.setAttribute("aria-controls", "cite-menu"); field.setAttribute("aria-activedescendant", "cite-" + options[at].id);
    if (menu.children[at].scrollIntoView) { menu.children[at].scrollIntoView({ block: "nearest" }); }
  }
  function hide() {
    if (!menu || menu.hidden) { return; }
    menu.hidden = true;
    if (field) { field.removeAttribute("aria-activedescendant"); }
  }
  function insert() {
    var one = options[at], mark = "[e:" + one.id + "]";
    field.setRangeText(mark, from, field.selectionStart, "end");
    hide();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function citing(target) { return menu && target.matches && target.matches("textarea[name='justification'], textarea[name='point_answer']"); }
  document.addEventListener("input", function (event) {
    if (!citing(event.target)) { return; }
    field = event.target;
    var before = field.value.slice(0, field.selectionStart), open = before.lastIndexOf("[");
    var typed = open < 0 ? "" : before.slice(open + 1);
    if (open < 0 || /[\]\n]/.test(typed) || typed.length > 30) { hide(); return; }
    if (menu.hidden) { at = 0; }
    from = open;
    show(typed.replace(/^e:?/, ""));
  });
  document.addEventListener("keydown", function (event) {
    if (!menu || menu.hidden || !citing(event.target)) { return; }
    var moves = { ArrowDown: 1, ArrowUp: -1 };
    if (moves[event.key]) { at = (at + moves[event.key] + options.length) % options.length; show(event.target.value.slice(from + 1, event.target.selectionStart).replace(/^e:?/, "")); }
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") { insert(); }
    else if (event.key === "Escape") { hide(); }
    else { return; }
    event.preventDefault(); event.stopPropagation();
  }, true);
  document.addEventListener("focusout", function (event) { if (citing(event.target)) { hide(); } });

  /* The rating key focuses the chosen rating, or the first: it must not choose one. */
  document.addEventListener("keydown", function (event) {
    if (event.code !== "KeyR" || event.ctrlKey || event.metaKey || event.altKey || document.documentElement.dataset.keys === "off") { return; }
    var target = event.target, typing = target.closest && target.closest("input:not([type='radio'], [type='checkbox']), textarea, select");
    var first = document.querySelector("[data-rating-first]");
    if (typing || !first) { return; }
    event.preventDefault(); event.stopPropagation();
    (document.querySelector("input[name='rating']:checked") || first).focus();
  }, true);

  /* A number chooses the rating at that place, where the focus is among them, and goes on to the headline. */
  document.addEventListener("keydown", function (event) {
    var at = /^(Digit|Numpad)([1-9])$/.exec(event.code), on = event.target;
    if (!at || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || on.name !== "rating") { return; }
    if (on.type !== "radio" || document.documentElement.dataset.keys === "off") { return; }
    var ratings = all("input[name='rating']", on.form), chosen = ratings[Number(at[2]) - 1];
    if (!chosen) { return; }
    event.preventDefault(); event.stopPropagation();
    chosen.checked = true;
    chosen.dispatchEvent(new Event("input", { bubbles: true }));
    (on.form.elements.headline || chosen).focus();
  }, true);

  /* What is handed in is not saved once more as a draft when the page goes; a preview leaves the page where it is. */
  document.addEventListener("submit", function (event) {
    var form = event.target, target = event.submitter && event.submitter.getAttribute("formtarget");
    if (form.dataset.autosave && target !== "_blank") { setTimeout(function () { if (!event.defaultPrevented) { form.removeAttribute("data-autosave"); } }, 0); }
  });

  /* The checklist as the words stand now: the answer to every saving brings it. */
  document.addEventListener("desk:saved", function (event) {
    var list = event.target.querySelector("[data-checklist]"), count = document.querySelector("[data-checked]");
    if (list && event.detail.checklist) { list.innerHTML = event.detail.checklist; }
    if (count && event.detail.checked) { count.textContent = event.detail.checked; }
  });

  /* Another point */
  all("[data-add-point]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var holder = document.querySelector("[data-points]"), points = all("[data-point]", holder), copy = points[points.length - 1].cloneNode(true);
      all("textarea, select", copy).forEach(function (one) { one.value = ""; });
      var legend = copy.querySelector("legend");
      legend.textContent = legend.textContent.replace(/\d+/, String(points.length + 1));
      holder.append(copy);
      copy.querySelector("textarea").focus();
    });
  });
})();
