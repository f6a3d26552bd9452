// A box with suggestions under it, by mouse, finger or keyboard (the pattern of the ARIA guide). What is suggested comes
// from `find(words)`: a promise of [{name, under, mark...}]; taking one calls `take(one)`. Loaded on every page for the
// search box; pickers beside lists use it too.
"use strict";
window.combobox = (input, { id, label, find, take, draw, enter }) => {
  const list = document.createElement("ul");
  list.id = id;
  list.className = "picks";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  list.hidden = true;
  input.after(list);
  for (const [key, value] of Object.entries({
    role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
  })) input.setAttribute(key, value);
  let options = [], at = -1, wanted = 0, timer;

  const show = (found) => {
    options = found;
    at = -1;
    list.replaceChildren(...found.map((one, index) => {
      const item = document.createElement("li");
      item.id = `${id}-${index}`;
      item.setAttribute("role", "option");
      draw ? item.append(...draw(one)) : item.append(one.name);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(one); });
      return item;
    }));
    list.hidden = !found.length;
    if (found.length) list.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-expanded", String(!!found.length));
    input.removeAttribute("aria-activedescendant");
  };
  const close = () => { wanted++; clearTimeout(timer); show([]); };
  const choose = (one) => { close(); take(one); };
  const move = (step) => {
    if (!options.length) return;
    at = at < 0 && step < 0 ? options.length - 1 : (at + step + options.length) % options.length;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[at].id);
  };
  const ask = async () => {
    const turn = ++wanted;
    const found = input.value.trim() ? await find(input.value.trim()).catch(() => []) : [];
    if (turn === wanted) show(found);
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); move(event.key === "ArrowDown" ? 1 : -1); }
    else if (event.key === "Escape" && options.length) { event.preventDefault(); close(); }
    else if (event.key === "Enter") {
      const one = at >= 0 ? options[at] : enter === "first" ? options[0] : undefined;
      if (one) { event.preventDefault(); choose(one); }
      else if (enter === "first") event.preventDefault();
    }
  });
};
