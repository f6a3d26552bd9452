// Lists: the filters stand open beside the rows on wide screens and fold on narrow ones; empty fields stay out of the address.
"use strict";
(() => {
  const fold = () => {
    const narrow = matchMedia("(max-width: 60rem)").matches;
    document.querySelectorAll(".filters > details").forEach((one) => { one.open = !narrow; });
  };
  fold();
  document.addEventListener("htmx:configRequest", (event) => {
    const { formData, parameters } = event.detail;
    for (const name of new Set(Object.keys(parameters))) {
      const kept = [parameters[name]].flat().filter((value) => value !== "");
      if (kept.length) continue;
      formData ? formData.delete(name) : delete parameters[name];
      delete parameters[name];
    }
  });
  let wasOpen = true;
  document.addEventListener("htmx:beforeSwap", () => { wasOpen = document.querySelector(".filters > details")?.open ?? true; });
  document.addEventListener("htmx:afterSettle", () => { const one = document.querySelector(".filters > details"); if (one) one.open = wasOpen; });
})();
