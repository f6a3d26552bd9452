// Keys that lead about the site, and the sheet that tells them (templates/components/keys.html). Single keys can be
// turned off there, for those who dictate; the choice stays in this browser.
"use strict";
(() => {
  const sheet = document.getElementById("keys");
  if (!sheet) return;
  const off = sheet.querySelector("input[type=checkbox]");
  const kept = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
  off.checked = kept();
  off.addEventListener("change", () => { try { localStorage.setItem("keys", off.checked ? "on" : "off"); } catch { /* this page only */ } });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens=keys]")) sheet.showModal();
    else if (event.target === sheet) sheet.close();
  });
  const row = (step) => {
    const rows = [...document.querySelectorAll("main tbody th a, main .rank a, main .plain > li > a:first-child")];
    const at = rows.indexOf(document.activeElement);
    rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
  };
  const follow = (selector) => document.querySelector(selector)?.click();
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !off.checked) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]")) return;
    const { key } = event;
    const place = Date.now() - going < 1500 && sheet.querySelector(`[data-key="${CSS.escape(key)}"]`);
    going = 0;
    if (place) place.click();
    else if (key === "g") going = Date.now();
    else if (sheet.open) return;
    else if (key === "?") sheet.showModal();
    else if (key === "/") document.querySelector(".top .search input")?.focus();
    else if (key === "j" || key === "k") row(key === "j" ? 1 : -1);
    else if (key === "n") follow("a[rel=next]");
    else if (key === "p") follow("a[rel=prev]");
    else if (key === "f") { const filters = document.querySelector(".filters > details"); if (filters) { filters.open = true; filters.querySelector("input, select, a")?.focus(); } }
    else if (key === "c") follow("main [data-copy='']");
    else if (key === "l") follow(".top .search a[hreflang]");
    else return;
    event.preventDefault();
  });
})();
