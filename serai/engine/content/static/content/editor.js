// Names for what Wagtail leaves without one. A text field gets the label beside it, or the words of the block in which
// it stands: someone who hears the page then knows in which field they write. Each of two searches gets its own words.
// A box for words follows the direction of what is written in it, whatever the language of the desk.
"use strict";
(() => {
  const NAMELESS = '.public-DraftEditor-content[role="textbox"]:not([aria-labelledby]):not([aria-label])';

  function name(field) {
    const label = field.closest("[data-field-wrapper]")?.querySelector(":scope > label");
    const words = label?.id || field.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
    if (words) field.setAttribute("aria-labelledby", words);
    else if (label) field.setAttribute("aria-label", label.textContent.trim());
  }

  function nameSearch(search) {
    const words = search.querySelector("label, button")?.textContent.trim();
    if (words) search.setAttribute("aria-label", words);
  }

  function all() {
    document.querySelectorAll("input[type=text]:not([dir]), textarea:not([dir])").forEach((box) => (box.dir = "auto"));
    document.querySelectorAll(NAMELESS).forEach(name);
    document.querySelectorAll('form[role="search"]:not([aria-label])').forEach(nameSearch);
  }
  new MutationObserver(all).observe(document.documentElement, { childList: true, subtree: true });
  all();
})();
