// The entry form: shows what a new deal or site needs, and lets htmx hear the choices made in autocompletes.
const form = document.querySelector("#announcement_form");
if (form && form.querySelector(".if-new")) {
  const isNew = (name) => (form.elements[name]?.value || "").startsWith("new:");
  const rows = [...form.querySelectorAll("tr.party")];
  const more = form.querySelector(".more-parties");
  const filled = (row) => Boolean(row.querySelector("select")?.value) || row.querySelector(".errorlist");
  let shown = Math.max(2, rows.findLastIndex(filled) + 1);
  const lay = () => {
    for (const part of form.querySelectorAll(".new-deal")) part.hidden = !isNew("deal");
    for (const part of form.querySelectorAll(".new-project")) part.hidden = !isNew("project");
    rows.forEach((row, place) => {
      row.hidden = place >= shown;
      const company = row.querySelector("select");
      for (const field of row.querySelectorAll("[name$=-kind], [name$=-country]")) field.hidden = !company.value.startsWith("new:");
    });
    more.hidden = shown >= rows.length;
  };
  more.addEventListener("click", () => { shown += 2; lay(); });
  // select2 tells jQuery only.
  window.django.jQuery(form).on("select2:select select2:clear", (event) => event.target.dispatchEvent(new Event("change", { bubbles: true })));
  form.addEventListener("change", lay);
  lay();
}
