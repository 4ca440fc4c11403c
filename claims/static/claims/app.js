/* The one script of the workbench. Every path works without it; it adds keys, selections and autosave.

   Markup it knows
     data-key="a"            pressing A clicks (or, for a field, focuses) this; the current row's own comes first
     data-key="g d"          a chord: G, then D
     data-rows / data-row    a list and its rows: J and K move, Enter or O follows data-open inside the row
     data-pane               F6 moves between these
     data-autosave="/url/"   a form whose fields are posted there two seconds after the last keystroke;
                             data-autosave-state inside it shows what happened
     data-text               an article: its text content is the stored text, character by character
     data-selection          a form that takes the selected text as start and end
     data-span               the form of one row that changes where its claim begins and ends
     data-drop               a form whose file field takes what is dropped on it
*/
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("has-script");
  var SYMBOLS = { Slash: ["/", "?"], BracketLeft: ["[", "{"], Equal: ["=", "+"] };
  var CHORD_MS = 1200;
  var chord = "", chordTimer = 0;

  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function cookie(name) {
    var found = document.cookie.split("; ").find(function (one) { return one.indexOf(name + "=") === 0; });
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /* Another tab may have signed in since this page was made: the cookie holds the token that counts. */
  function freshToken(form) {
    var token = cookie("csrftoken");
    all('input[name="csrfmiddlewaretoken"]', form).forEach(function (field) { if (token && field.value.length !== 32) { field.value = token; } });
  }
  document.addEventListener("submit", function (event) { freshToken(event.target); }, true);
  document.addEventListener("htmx:configRequest", function (event) {
    var token = cookie("csrftoken");
    if (token && event.detail.verb !== "get") {
      event.detail.headers["X-CSRFToken"] = token;
      if (event.detail.parameters.csrfmiddlewaretoken) { event.detail.parameters.csrfmiddlewaretoken = token; }
    }
  });
  document.addEventListener("htmx:sendError", function () { say("refusals", words("unreachable")); });
  document.addEventListener("htmx:responseError", function (event) {
    var status = event.detail.xhr.status;
    if ([401, 403, 409, 422].indexOf(status) < 0) { say("refusals", words("broken") + " (" + status + ")"); }
  });
  /* Sentences come from the page, in the language of the person. */
  function words(name) { return document.body.dataset[name] || ""; }
  function say(region, text) {
    var box = document.getElementById(region);
    if (!box) { return; }
    var line = document.createElement("p");
    line.className = "message" + (region === "refusals" ? " error" : "");
    line.textContent = text;
    box.replaceChildren(line);
  }

  /* Keys, by physical key: the same place on every keyboard layout. */
  function pressed(event) {
    var code = event.code || "";
    if (/^Key[A-Z]$/.test(code)) { var letter = code.slice(3).toLowerCase(); return event.shiftKey ? letter.toUpperCase() : letter; }
    if (/^(Digit|Numpad)[0-9]$/.test(code) && !event.shiftKey) { return code.slice(-1); }
    if (event.key && event.key.length === 1 && event.key.charCodeAt(0) < 128) { return event.key; }
    if (SYMBOLS[code]) { return SYMBOLS[code][event.shiftKey ? 1 : 0]; }
    return event.key || "";
  }
  function typing(target) {
    if (!target || !target.closest) { return false; }
    if (target.isContentEditable) { return true; }
    var field = target.closest("input, textarea, select");
    return !!field && ["checkbox", "radio", "button", "submit", "file"].indexOf(field.type) < 0;
  }
  function visible(element) { return !element.disabled && element.getClientRects().length > 0; }
  function keyed(key) {
    var row = currentRow();
    var here = row ? all("[data-key]", row).filter(function (one) { return one.dataset.key === key; }) : [];
    /* A row's own buttons may be folded away with it: the key still means them. */
    if (here.length) { return here.find(visible) || here[0]; }
    var everywhere = all("[data-key]").filter(function (one) { return one.dataset.key === key && !one.closest("[data-row]"); });
    return everywhere.find(visible) || everywhere[0] || null;
  }
  function act(element) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && ["checkbox", "radio", "submit", "button"].indexOf(element.type) < 0) {
      element.focus(); if (element.select) { element.select(); }
    } else { element.click(); }
  }
  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.isComposing) { return; }
    if (event.key === "F6") { if (nextPane(event.shiftKey)) { event.preventDefault(); } return; }
    if (span && spanKey(event)) { event.preventDefault(); return; }
    if (typing(event.target)) {
      if (event.key === "Escape") { event.target.blur(); var row = currentRow(); if (row) { row.focus({ preventScroll: true }); } }
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
        event.preventDefault();
        var wanted = event.target.form.querySelector("[data-submit]") || undefined;
        event.target.form.requestSubmit(wanted);
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === "Escape") { all("details.menu[open]").forEach(function (menu) { menu.open = false; }); return; }
    if (root.dataset.keys === "off") { return; }
    var key = pressed(event);
    if (!key || key.length !== 1 && key !== "Enter") { return; }
    if (key === "Enter" && event.target.closest && event.target.closest("a, button, summary, input")) { return; }
    var whole = chord ? chord + " " + key : key;
    clearTimeout(chordTimer); chord = "";
    var element = keyed(whole);
    if (element) { event.preventDefault(); act(element); return; }
    if (key === "g" && whole === key) { chord = "g"; chordTimer = setTimeout(function () { chord = ""; }, CHORD_MS); return; }
    if (key === "j" || key === "k") { if (moveRow(key === "j" ? 1 : -1)) { event.preventDefault(); } return; }
    if (key === "o" || key === "Enter") {
      var current = currentRow(), open = current && current.querySelector("[data-open]");
      if (open) { event.preventDefault(); act(open); }
    }
  });

  /* Rows */
  function rows() { return all("[data-rows] [data-row]").filter(function (row) { return row.getClientRects().length > 0; }); }
  function currentRow() { return document.querySelector("[data-row].is-current"); }
  function makeCurrent(row, quiet) {
    var before = currentRow();
    if (before && before !== row) { before.classList.remove("is-current"); }
    if (!row) { return; }
    row.classList.add("is-current");
    if (!row.hasAttribute("tabindex")) { row.tabIndex = -1; }
    if (!quiet) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
    showPlace(row.dataset.place, !quiet);
    row.dispatchEvent(new CustomEvent("desk:row", { bubbles: true }));
  }
  function moveRow(step) {
    var list = rows();
    if (!list.length) { return false; }
    var at = list.indexOf(currentRow());
    makeCurrent(list[Math.max(0, Math.min(list.length - 1, at < 0 ? (step > 0 ? 0 : list.length - 1) : at + step))]);
    return true;
  }
  /* A row opens when it gets the focus; under a pressed pointer only after the click, or what was aimed at would move away. */
  var pressing = false, aimed = null;
  function opened(row) { if (row && row !== currentRow()) { makeCurrent(row, true); showPlace(row.dataset.place, false); } }
  document.addEventListener("focusin", function (event) {
    var row = event.target.closest && event.target.closest("[data-row]");
    if (pressing) { aimed = row || aimed; } else { opened(row); }
  });
  document.addEventListener("pointerdown", function () { pressing = true; aimed = null; }, true);
  ["pointerup", "pointercancel"].forEach(function (kind) {
    document.addEventListener(kind, function () {
      setTimeout(function () { pressing = false; if (aimed && aimed.isConnected) { opened(aimed); } aimed = null; }, 0);
    }, true);
  });
  function nextPane(back) {
    var panes = all("[data-pane]").filter(visible);
    if (panes.length < 2) { return false; }
    var at = panes.findIndex(function (pane) { return pane.contains(document.activeElement); });
    var next = panes[(at + (back ? -1 : 1) + panes.length) % panes.length];
    next.tabIndex = -1; next.focus(); return true;
  }

  /* The place of a claim in the text: filled where its row is the current one. */
  function showPlace(place, scroll) {
    var text = document.querySelector("[data-text]");
    if (!text || !place) { return; }
    all(".is-focused", text).forEach(function (one) { one.classList.remove("is-focused"); });
    var parts = all("[data-a~='" + place + "']", text);
    parts.forEach(function (one) { one.classList.add("is-focused"); });
    var first = parts.find(function (one) { return one.classList.contains("m"); });
    /* Only the pane of the article moves; the row beside it stays where it is. */
    var pane = first && scroll && text.closest(".article-pane");
    if (!pane || pane.scrollHeight <= pane.clientHeight) { return; }
    var box = pane.getBoundingClientRect(), at = first.getBoundingClientRect();
    if (at.top < box.top + 60 || at.bottom > Math.min(box.bottom, window.innerHeight)) { pane.scrollTop += at.top - box.top - pane.clientHeight / 3; }
  }
  document.addEventListener("click", function (event) {
    var mark = event.target.closest && event.target.closest("[data-text] .m, [data-text] .gutter a");
    if (!mark || !window.getSelection().isCollapsed) { return; }
    var places = mark.dataset.a.split(" "), row = document.getElementById("a" + places[places.length - 1]);
    row = row && row.closest("[data-row]");
    if (!row) { return; }
    event.preventDefault();
    var fold = row.closest("details"); if (fold) { fold.open = true; }
    makeCurrent(row);
  });

  /* A line of a list opens its row here; without the script it is a link to the same row. */
  document.addEventListener("click", function (event) {
    var line = event.target.closest && event.target.closest("[data-unfold]");
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault(); makeCurrent(line.closest("[data-row]"));
  });
  /* The bar of what is ticked */
  function countTicks() {
    all("[data-ticks-bar]").forEach(function (bar) {
      var ticked = all("[data-tick]").filter(function (box) { return box.form === bar && box.checked; }).length;
      bar.classList.toggle("has-ticks", ticked > 0);
      var count = bar.querySelector("[data-ticked]");
      if (!count) { return; }
      if (!count.dataset.words) { count.dataset.words = count.textContent; }
      count.textContent = count.dataset.words + ": " + ticked;
    });
  }
  document.addEventListener("change", countTicks);
  document.addEventListener("reset", function () { setTimeout(countTicks, 0); });
  document.addEventListener("htmx:afterSettle", countTicks);

  /* Offsets are code points of the article; the browser counts UTF-16 units. Converted here and nowhere else. */
  function codePoints(text) { return Array.from(text).length; }
  function codeUnits(text, points) { return Array.from(text).slice(0, points).join("").length; }
  function pointOf(text, node, offset) {
    var range = document.createRange();
    range.setStart(text, 0);
    range.setEnd(node, offset);
    return codePoints(range.toString());
  }
  function placeOf(text, point) {
    var walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), left = point, node;
    while ((node = walker.nextNode())) {
      var length = codePoints(node.data);
      if (left <= length) { return [node, codeUnits(node.data, left)]; }
      left -= length;
    }
    return null;
  }
  /* The page holds the text of the article character by character; its numbers are no text. */
  function wholeText(text) { return text.textContent; }
  function selected() {
    var selection = window.getSelection(), text = document.querySelector("[data-text]");
    if (!text || !selection.rangeCount || selection.isCollapsed) { return null; }
    var range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) { return null; }
    var start = pointOf(text, range.startContainer, range.startOffset), end = pointOf(text, range.endContainer, range.endOffset);
    if (end <= start) { return null; }
    var points = Array.from(wholeText(text));
    while (start < end && /\s/.test(points[start])) { start++; }
    while (end > start && /\s/.test(points[end - 1])) { end--; }
    return start < end ? { start: start, end: end, text: points.slice(start, end).join("") } : null;
  }
  var kept = null;
  document.addEventListener("selectionchange", function () {
    var found = selected();
    if (!found && document.activeElement && document.activeElement.closest("[data-selection], [data-span]")) { return; }
    kept = found;
    all("[data-selection]").forEach(function (form) {
      fill(form, found);
      var button = form.querySelector("[data-key='+']");
      if (button) { button.classList.toggle("primary", !!found); }
    });
  });
  function fill(form, found) {
    form.elements.start.value = found ? found.start : "";
    form.elements.end.value = found ? found.end : "";
    var quotation = form.elements.quotation;
    if (quotation && found) { quotation.value = found.text; }
    var shown = form.querySelector("[data-selected]");
    if (shown) { shown.textContent = found ? found.text : ""; }
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-needs-selection]");
    if (!button) { return; }
    var form = button.form, fold = form.closest("details");
    if (!form.elements.start.value && !(form.elements.quotation && form.elements.quotation.value.trim())) {
      event.preventDefault();
      if (fold) { fold.open = true; }
      if (form.elements.quotation) { form.elements.quotation.focus(); }
    }
  });

  /* Editing where a claim begins and ends: E, then arrows move the end by a word, with Shift the start. */
  var span = null;
  document.addEventListener("click", function (event) {
    var starter = event.target.closest && event.target.closest("[data-edit-span]");
    var text = document.querySelector("[data-text]");
    if (!starter || !text) { return; }
    var row = starter.closest("[data-row]"), form = row && row.querySelector("[data-span]");
    if (!form) { return; }
    event.preventDefault();
    var fold = form.closest("details"); if (fold) { fold.open = true; }
    var whole = wholeText(text), points = Array.from(whole);
    span = { form: form, row: row, text: text, points: points, start: Number(form.dataset.start), end: Number(form.dataset.end) };
    if (kept && kept.start < span.end && kept.end > span.start) { span.start = kept.start; span.end = kept.end; }
    form.classList.add("is-editing");
    showSpan();
  });
  function isWord(character) { return !!character && !/\s/.test(character); }
  function step(from, forward) {
    var points = span.points, at = from;
    if (forward) {
      while (at < points.length && !isWord(points[at])) { at++; }
      while (at < points.length && isWord(points[at])) { at++; }
    } else {
      while (at > 0 && !isWord(points[at - 1])) { at--; }
      while (at > 0 && isWord(points[at - 1])) { at--; }
    }
    return at;
  }
  function showSpan() {
    span.form.elements.start.value = span.start;
    span.form.elements.end.value = span.end;
    if (span.form.elements.quotation) { span.form.elements.quotation.value = span.points.slice(span.start, span.end).join(""); }
    var from = placeOf(span.text, span.start), to = placeOf(span.text, span.end);
    if (from && to) {
      if (document.activeElement && document.activeElement !== document.body) { document.activeElement.blur(); }
      window.getSelection().setBaseAndExtent(from[0], from[1], to[0], to[1]);
    }
  }
  function spanKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return false; }
    if (typing(event.target)) { return false; }
    if (event.key === "Escape") { endSpan(); return true; }
    if (event.key === "Enter") { var form = span.form; span = null; form.requestSubmit(); return true; }
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") { return false; }
    var forward = event.key === "ArrowRight", next;
    if (event.shiftKey) {
      next = step(span.start, forward);
      if (forward) { while (next < span.points.length && !isWord(span.points[next])) { next++; } }
      if (next < span.end) { span.start = next; }
    } else {
      next = step(span.end, forward);
      if (!forward) { while (next > 0 && !isWord(span.points[next - 1])) { next--; } }
      if (next > span.start) { span.end = next; }
    }
    showSpan();
    return true;
  }
  function endSpan() {
    var row = span.row;
    span.form.classList.remove("is-editing");
    span.form.elements.start.value = ""; span.form.elements.end.value = "";
    span = null; window.getSelection().removeAllRanges(); row.focus({ preventScroll: true });
  }
  /* Whoever shortens the quotation by hand means the field, not the offsets beside it. */
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (event.target.name === "quotation" && form && form.matches("[data-selection], [data-span]")) { form.elements.start.value = ""; form.elements.end.value = ""; }
  });

  /* Autosave of drafts */
  var timers = new WeakMap();
  document.addEventListener("input", function (event) {
    var form = event.target.form;
    if (form && form.dataset.autosave) { clearTimeout(timers.get(form)); timers.set(form, setTimeout(save, 2000, form)); }
  });
  function state(form, text) { var box = form.querySelector("[data-autosave-state]"); if (box) { box.textContent = text; } }
  function save(form) {
    freshToken(form);
    return fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { "X-CSRFToken": cookie("csrftoken"), "X-Autosave": "1" } }).then(function (answer) {
      if (answer.redirected || answer.status === 401) { state(form, words("signedOut")); return null; }
      return answer.json();
    }).then(function (result) {
      if (!result) { return; }
      if (result.version && form.elements.expected_version) { form.elements.expected_version.value = result.version; }
      state(form, result.said || "");
    }).catch(function () { state(form, words("notSaved")); timers.set(form, setTimeout(save, 10000, form)); });
  }
  window.addEventListener("pagehide", function () { all("form[data-autosave]").forEach(function (form) { if (timers.get(form)) { navigator.sendBeacon(form.dataset.autosave, new FormData(form)); } }); });

  /* Dropped files, and Enter in the box that takes an address, a text or a file */
  document.addEventListener("dragover", function (event) { var box = event.target.closest("[data-drop]"); if (box) { event.preventDefault(); box.classList.add("is-over"); } });
  document.addEventListener("dragleave", function (event) { var box = event.target.closest("[data-drop]"); if (box) { box.classList.remove("is-over"); } });
  document.addEventListener("drop", function (event) {
    var box = event.target.closest("[data-drop]");
    if (!box || !event.dataTransfer.files.length) { return; }
    event.preventDefault(); box.classList.remove("is-over");
    box.querySelector('input[type="file"]').files = event.dataTransfer.files;
    box.requestSubmit();
  });
  document.addEventListener("keydown", function (event) {
    var field = event.target;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.isComposing && field.matches && field.matches("[data-enter-submits]") && field.value.trim()) {
      event.preventDefault(); field.form.requestSubmit();
    }
  });

  /* Forms that ask once before they act */
  document.addEventListener("submit", function (event) {
    var question = event.submitter && event.submitter.dataset.confirm || event.target.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  document.addEventListener("click", function (event) {
    all("details.menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
    var checker = event.target.closest && event.target.closest("[data-check-all]");
    if (checker) { all(checker.dataset.checkAll).forEach(function (box) { box.checked = checker.checked; }); }
  });

  /* After a page or a part of it came in */
  function arrive() {
    var wanted = document.querySelector("[data-row][data-focused]");
    if (wanted) { wanted.removeAttribute("data-focused"); var taken = wanted.hasAttribute("data-take-focus"); makeCurrent(wanted, !taken); showPlace(wanted.dataset.place, taken); }
  }
  document.addEventListener("htmx:afterSettle", arrive);
  document.addEventListener("DOMContentLoaded", arrive);
  if (document.readyState !== "loading") { arrive(); }
  window.desk = { all: all, say: say, rows: rows, currentRow: currentRow, makeCurrent: makeCurrent, save: save, codePoints: codePoints };
})();
