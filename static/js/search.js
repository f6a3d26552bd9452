// The search box of every page: what is found, as it is typed; Enter without a choice goes to the page of results.
"use strict";
(() => {
  const input = document.querySelector(".top .search input");
  if (!input) return;
  window.combobox(input, {
    id: "found",
    label: input.getAttribute("aria-label"),
    find: async (words) => (await (await fetch(`${input.form.dataset.source}?q=${encodeURIComponent(words)}`)).json()).results,
    draw: (one) => {
      const under = Object.assign(document.createElement("span"), { className: "under", textContent: one.under });
      return [one.name, under];
    },
    take: (one) => { location.href = one.url; },
  });
})();
