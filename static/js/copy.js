// Copies an address or a text, and says so. `data-copy` holds an address, nothing for this page's own, or "#id" of the
// field to copy; `data-done` and `data-failed` what is then said.
"use strict";
(() => {
  const say = (text, bad) => {
    const toast = Object.assign(document.createElement("p"), { className: bad ? "toast bad" : "toast", textContent: text });
    document.querySelector(".toasts")?.append(toast);
    setTimeout(() => toast.remove(), 6000);
  };
  const written = async (text) => {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Browsers keep the clipboard from sites without https; a selected field may still be copied from.
    const field = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden" });
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error("copy");
  };
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const wanted = button.dataset.copy;
    const field = wanted.startsWith("#") && document.querySelector(wanted);
    try {
      await written(field ? field.value : new URL(wanted || location.href, location.href).href);
      say(button.dataset.done);
    } catch {
      say(button.dataset.failed, true);
    }
  });
})();
