// Keys of the desk, from the page itself: each element with data-key="x" or "g x" can be reached by those keys.
// Everything works without this file. Keys rest while somebody types, and can be turned off (WCAG 2.1.4).
"use strict";
(() => {
  const dialog = document.getElementById("keys");
  if (!dialog || !dialog.showModal) return;
  const open = document.querySelector("button.keys");
  const list = dialog.querySelector("dl");
  const toggle = dialog.querySelector(".keys-switch");
  const STORE = "desk-keys";
  const on = () => localStorage.getItem(STORE) !== "off";
  const rows = () => [...document.querySelectorAll("[data-row]")];
  let first = "";
  let timer = 0;

  const visible = (element) => element.getClientRects().length > 0;
  const label = (element) => element.dataset.keyLabel || element.getAttribute("aria-label") || element.textContent.trim();

  function targetOf(keys) {
    const current = document.querySelector("tr.at, li.at");
    const inRow = current && current.querySelector(`[data-key="${CSS.escape(keys)}"]`);
    return inRow || [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find(visible);
  }

  function show() {
    list.textContent = "";
    const seen = new Set();
    const add = (keys, words) => {
      if (seen.has(keys)) return;
      seen.add(keys);
      const row = document.createElement("div");
      const term = document.createElement("dt");
      const meaning = document.createElement("dd");
      for (const key of keys.split(" ")) {
        const shape = document.createElement("kbd");
        shape.textContent = key;
        term.append(shape, " ");
      }
      meaning.textContent = words;
      row.append(term, meaning);
      list.append(row);
    };
    document.querySelectorAll("[data-key]").forEach((element) => add(element.dataset.key, label(element)));
    toggle.textContent = on() ? dialog.dataset.off : dialog.dataset.on;
    dialog.showModal();
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.classList.contains("at"));
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("at", row === next));
    const stop = next.querySelector("a, button");
    if (stop) stop.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  function act(element) {
    if (element.matches("input, select, textarea")) element.focus();
    else element.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable]")) return;
    if (event.key === "?") {
      event.preventDefault();
      show();
      return;
    }
    if (!on()) return;
    const keys = first ? `${first} ${event.key}` : event.key;
    first = "";
    clearTimeout(timer);
    const found = targetOf(keys);
    if (found) {
      event.preventDefault();
      if (found.dataset.move) move(Number(found.dataset.move));
      else act(found);
      return;
    }
    if ([...document.querySelectorAll("[data-key]")].some((element) => element.dataset.key.startsWith(`${event.key} `))) {
      first = event.key;
      timer = setTimeout(() => { first = ""; }, 1500);
    }
  });

  open.hidden = false;
  open.addEventListener("click", show);
  toggle.addEventListener("click", () => {
    localStorage.setItem(STORE, on() ? "off" : "on");
    toggle.textContent = on() ? dialog.dataset.off : dialog.dataset.on;
  });
})();
