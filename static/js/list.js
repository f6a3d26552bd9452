// Lists: the filters stand open beside the rows on wide screens and fold on narrow ones; empty fields stay out of the
// address; what a change left is said to those who cannot see it.
"use strict";
(() => {
  const panel = () => document.querySelector(".filters > details");
  if (panel()) panel().open = !matchMedia("(max-width: 60rem)").matches;
  document.addEventListener("htmx:configRequest", (event) => {
    const { formData, parameters } = event.detail;
    for (const name of new Set(Object.keys(parameters))) {
      const kept = [parameters[name]].flat().filter((value) => value !== "");
      formData ? formData.delete(name) : delete parameters[name];
      if (formData) kept.forEach((value) => formData.append(name, value));
      else if (kept.length) parameters[name] = kept;
    }
  });
  // The other language and the form for errors take the address as it is now.
  document.addEventListener("htmx:pushedIntoHistory", () => {
    const here = location.pathname + location.search, english = here.replace(/^\/fr(?=\/)/, "");
    for (const link of document.querySelectorAll(".top a[hreflang]")) link.href = link.hreflang === "fr" ? `/fr${english}` : english;
    for (const link of document.querySelectorAll(".bottom .report")) link.href = `${link.pathname}?page=${encodeURIComponent(here)}`;
  });
  let wasOpen = true, focused, scrolled = 0;
  document.addEventListener("htmx:beforeSwap", () => {
    wasOpen = panel()?.open ?? true;
    // What is swapped away takes the focus with it.
    focused = document.activeElement?.closest("#list") && document.activeElement;
    scrolled = document.querySelector(".filters")?.scrollTop ?? 0;
  });
  // At once, so that the panel is not seen to fold and unfold.
  document.addEventListener("htmx:afterSwap", () => {
    if (!panel()) return;
    panel().open = wasOpen;
    panel().parentElement.scrollTop = scrolled;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (focused && document.activeElement === document.body) {
      const same = focused.id && document.getElementById(focused.id), title = document.getElementById("list-title");
      title.tabIndex = -1;
      (same || title).focus({ preventScroll: !!same });
    }
    focused = null;
    const said = document.getElementById("said"), told = document.querySelector("[data-said]");
    if (said && told) said.textContent = told.textContent.replace(/\s+/g, " ").trim();
  });
})();
