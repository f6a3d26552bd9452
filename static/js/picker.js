// Pickers: a box in which companies or sites are found by typing; the keyboard alone is enough. Without script the box
// takes a whole name.
"use strict";
(() => {
  let number = 0;
  const start = (box) => {
    const input = box.querySelector("input");
    if (!input || input.getAttribute("role")) return;
    const name = box.dataset.name;
    const list = document.createElement("ul");
    list.id = `pick-${name}-${number++}`;
    list.className = "picks";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent ?? name);
    list.hidden = true;
    box.append(list);
    // What is typed is no value until a name is taken from the list.
    input.removeAttribute("name");
    for (const [key, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
    })) input.setAttribute(key, value);
    let options = [], at = -1, wanted = 0, timer;

    const show = (found) => {
      options = found;
      at = -1;
      list.replaceChildren(...found.map((one, index) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${index}`;
        item.setAttribute("role", "option");
        item.textContent = one.name;
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(one); });
        return item;
      }));
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!!found.length));
      input.removeAttribute("aria-activedescendant");
    };
    const move = (step) => {
      if (!options.length) return;
      at = (at + step + options.length) % options.length;
      [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
      list.children[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", list.children[at].id);
    };
    const take = (one) => {
      const chosen = document.createElement("input");
      chosen.type = "hidden";
      chosen.name = name;
      chosen.value = one.slug;
      box.append(chosen);
      input.value = "";
      show([]);
      input.form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
    };
    const ask = async () => {
      const turn = ++wanted;
      if (!input.value.trim()) return show([]);
      const answer = await fetch(`${box.dataset.source}?q=${encodeURIComponent(input.value)}`);
      const { results } = answer.ok ? await answer.json() : { results: [] };
      if (turn === wanted) show(results);
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("blur", () => show([]));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
      else if (event.key === "Escape") { event.preventDefault(); input.value = ""; show([]); }
      else if (event.key === "Enter") {
        event.preventDefault();
        if (options.length) take(options[Math.max(at, 0)]);
      }
    });
  };
  const all = () => document.querySelectorAll(".pick").forEach(start);
  all();
  document.addEventListener("htmx:afterSwap", all);
})();
