// Draws the charts of a page: loads plotly once, when the first chart comes near the viewport.
"use strict";
(() => {
  const script = document.currentScript;
  // plotly brings a style element for street maps, which are not used here and the policy refuses. It does so
  // unless an element of this name exists.
  const unused = document.createElement("template");
  unused.id = "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53";
  document.head.append(unused);
  let plotly;
  const load = () => plotly ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script.dataset.plotly;
    tag.onload = () => resolve(window.Plotly);
    tag.onerror = () => reject(new Error("plotly"));
    document.head.append(tag);
  });
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  // light-dark() is resolved by the browser only in a real property.
  const colour = (name) => {
    const probe = document.createElement("span");
    probe.className = "probe";
    document.body.append(probe);
    probe.style.color = `var(${name})`;
    const value = getComputedStyle(probe).color;
    probe.remove();
    return value;
  };
  const themed = (layout, width) => {
    const ink = colour("--ink"), muted = colour("--muted"), rule = colour("--rule");
    const axis = (one) => ({ ...one, color: muted, gridcolor: rule, linecolor: rule, zerolinecolor: muted });
    return {
      ...layout,
      font: { ...layout.font, family: token("--sans"), color: ink },
      xaxis: { ...axis(layout.xaxis), nticks: Math.max(2, Math.floor(width / 90)) }, yaxis: { ...axis(layout.yaxis), automargin: true },
      hoverlabel: { bgcolor: colour("--card"), bordercolor: rule, font: { color: ink } },
    };
  };
  const config = { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"] };
  const draw = async (plot) => {
    const wait = plot.querySelector(".plot-wait");
    try {
      const [library, answer] = await Promise.all([load(), fetch(plot.dataset.chart, { headers: { Accept: "application/json" } })]);
      if (!answer.ok) throw new Error(String(answer.status));
      const { figure } = await answer.json();
      wait?.remove();
      const show = () => library.react(plot, figure.data, themed(figure.layout, plot.clientWidth), config);
      await show();
      plot.on("plotly_click", ({ points }) => { const link = points[0].customdata; if (link) location.assign(link); });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
    } catch {
      if (wait) wait.textContent = plot.dataset.failed;
    }
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { near.unobserve(entry.target); draw(entry.target); }
  }, { rootMargin: "300px" });
  const watch = (root) => root.querySelectorAll(".plot[data-chart]").forEach((plot) => near.observe(plot));
  watch(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) watch(event.target); });
})();
