// Lists: the filters stand open beside the rows on wide screens and fold on narrow ones.
"use strict";
(() => {
  const fold = () => {
    const narrow = matchMedia("(max-width: 60rem)").matches;
    document.querySelectorAll(".filters > details").forEach((one) => { one.open = !narrow; });
  };
  fold();
  document.addEventListener("htmx:afterSettle", fold);
})();
