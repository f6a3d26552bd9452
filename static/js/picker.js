// Pickers beside lists: companies or sites found by typing. Without script the box takes a whole name.
"use strict";
(() => {
  let number = 0;
  const start = (box) => {
    const input = box.querySelector("input");
    const name = box.dataset.name;
    if (!input || input.getAttribute("role")) return;
    // What is typed is no value until a name is taken from the list.
    input.removeAttribute("name");
    input.addEventListener("change", (event) => event.stopPropagation());
    window.combobox(input, {
      id: `pick-${name}-${number++}`,
      label: input.labels[0]?.textContent ?? name,
      enter: "first",
      find: async (words) => (await (await fetch(`${box.dataset.source}?q=${encodeURIComponent(words)}`)).json()).results,
      take: (one) => {
        const chosen = Object.assign(document.createElement("input"), { type: "hidden", name, value: one.slug });
        box.append(chosen);
        input.value = "";
        input.form.requestSubmit();
      },
    });
  };
  const all = () => document.querySelectorAll(".pick").forEach(start);
  all();
  document.addEventListener("htmx:afterSwap", all);
})();
