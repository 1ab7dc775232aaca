// Names for the editor's text fields, which Wagtail leaves without one: the label beside the field, or the words of
// the block in which it stands. Someone who hears the page then knows in which field they write.
"use strict";
(() => {
  const NAMELESS = '.public-DraftEditor-content[role="textbox"]:not([aria-labelledby]):not([aria-label])';

  function name(field) {
    const label = field.closest("[data-field-wrapper]")?.querySelector(":scope > label");
    const words = label?.id || field.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
    if (words) field.setAttribute("aria-labelledby", words);
    else if (label) field.setAttribute("aria-label", label.textContent.trim());
  }

  const all = () => document.querySelectorAll(NAMELESS).forEach(name);
  new MutationObserver(all).observe(document.documentElement, { childList: true, subtree: true });
  all();
})();
