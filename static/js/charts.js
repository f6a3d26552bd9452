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
  // Marks of little weight come in one grey (charts/theme.py), which is the page's own muted colour here.
  const MUTED = "#777777";
  const replaced = (value, muted) => value === MUTED ? muted
    : Array.isArray(value) ? value.map((one) => replaced(one, muted))
    : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one, muted)]))
    : value;
  const themed = (figure, width) => {
    const ink = colour("--ink"), muted = colour("--muted"), rule = colour("--rule"), card = colour("--card");
    const { data, layout } = replaced(structuredClone(figure), muted);
    const narrow = width < 500;
    const axes = {};
    for (const [name, one] of Object.entries(layout)) {
      if (!/^[xy]axis\d*$/.test(name)) continue;
      axes[name] = { ...one, color: muted, gridcolor: rule, linecolor: rule, zerolinecolor: muted };
      if (name[0] === "y") axes[name].automargin = true;
      else if (one.tickvals) {
        const each = Math.ceil(one.tickvals.length * 90 / (width * (narrow ? 0.5 : 0.75)));
        const some = (list) => list.filter((_, at) => at % each === 0);
        Object.assign(axes[name], { tickvals: some(one.tickvals), ticktext: some(one.ticktext), tickangle: 0 });
      }
    }
    const across = axes.xaxis ?? {};
    // On a phone what stands left of a plot takes half the width: headings use it too; and a long legend is set small.
    if (narrow && data.filter((trace) => trace.name && trace.showlegend !== false).length > 5) layout.legend = { ...layout.legend, font: { size: 10 }, maxheight: 1 };
    if (narrow) for (const note of layout.annotations ?? []) if (note.xref === "paper" && note.x === 0) Object.assign(note, { x: 1, xanchor: "right", font: { ...note.font, size: 11 } });
    if (across.nticks === undefined && !across.dtick && !across.tickvals) across.nticks = Math.max(2, Math.floor(width / 90));
    // Of the years only as many are named as there is room for, and floors are as wide as their bars.
    const months = /^M(\d+)$/.exec(across.dtick ?? "");
    if (months && across.range) {
      const all = (new Date(across.range[1]) - new Date(across.range[0])) / 2629746e3, room = Math.max(width - 110, 60);
      across.dtick = `M${months[1] * Math.ceil(all / months[1] / Math.max(1, Math.floor(room / 55)))}`;
      for (const trace of data) if (trace.marker?.symbol === "line-ew") trace.marker.size = Math.min(room / all * trace.xperiod.slice(1) * 0.58, 40);
    }
    const geo = layout.geo && { ...layout.geo, bgcolor: "rgba(0,0,0,0)", landcolor: rule, coastlinecolor: muted, countrycolor: card, lakecolor: card };
    for (const trace of data) if (trace.type === "sankey") { trace.node.line = { width: 0 }; trace.textfont = { color: ink, size: 11, shadow: "none" }; }
    return [data, {
      ...layout,
      ...(geo && { geo }),
      font: { ...layout.font, family: token("--sans"), color: ink },
      ...axes,
      hoverlabel: { bgcolor: card, bordercolor: rule, font: { color: ink }, align: "left", namelength: -1 },
    }];
  };
  const config = { displayModeBar: false, displaylogo: false, responsive: true };
  const save = (library, plot, figure, format) => {
    const [data, layout] = themed(figure, 1200);
    // A picture leaves the page: it takes along what it shows, in what unit, and where it comes from.
    const { title, about, credit } = plot.dataset, muted = colour("--muted"), foot = layout.margin.b;
    const lines = (text, most) => text.match(new RegExp(`.{1,${most}}(\\s|$)`, "g"))?.join("<br>");
    const height = Math.max(plot.clientHeight, 500) + 150;
    const whole = {
      ...layout, width: 1200, height, paper_bgcolor: colour("--card"), margin: { ...layout.margin, t: 150, b: foot + 30 },
      title: { text: lines(title, 100), x: 0.01, y: 0.98, yanchor: "top", font: { size: 20 }, subtitle: { text: lines(about, 170), font: { size: 13, color: muted } } },
      annotations: [...layout.annotations ?? [], {
        text: [credit, location.href, new Date().toISOString().slice(0, 10)].join(" · "), showarrow: false, font: { size: 11, color: muted },
        xref: "paper", x: 0, xanchor: "left", yref: "paper", y: 0, yanchor: "top", yshift: -foot - 6,
      }],
    };
    return library.downloadImage({ data, layout: whole, config: plot._context ?? config }, { format, filename: title.toLowerCase().match(/[\p{L}\d]+/gu).join("-"), width: 1200, height });
  };
  const draw = async (plot) => {
    const wait = plot.querySelector(".plot-wait, .still");
    try {
      const [library, answer] = await Promise.all([load(), fetch(plot.dataset.chart, { headers: { Accept: "application/json" } })]);
      if (!answer.ok) throw new Error(String(answer.status));
      const { figure } = await answer.json();
      const here = { ...config, topojsonURL: plot.dataset.topojson };
      const show = () => library.react(plot, ...themed(figure, plot.clientWidth), here);
      wait?.remove();
      await show();
      plot.on("plotly_click", ({ points }) => {
        const link = [points[0].customdata].flat()[0];
        if (typeof link === "string" && link) (window.top === window ? location : window.open(link, "_blank", "noopener"))?.assign?.(link);
      });
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
      plot.closest("figure")?.querySelectorAll("[data-save]").forEach((button) => {
        button.parentElement.hidden = false;
        button.addEventListener("click", () => save(library, plot, figure, button.dataset.save));
      });
      plot.dataset.drawn = "";
    } catch {
      if (wait?.className === "plot-wait") wait.textContent = plot.dataset.failed;
    }
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { near.unobserve(entry.target); draw(entry.target); }
  }, { rootMargin: "300px" });
  // Where there is no pointer that hovers, a still is enough until it is touched: phones need not load the library.
  const touch = matchMedia("(hover: none)").matches;
  const watch = (root) => root.querySelectorAll(".plot[data-chart]").forEach((plot) => {
    if (touch && plot.querySelector(".still")) plot.addEventListener("click", () => draw(plot), { once: true });
    else near.observe(plot);
  });
  watch(document);
  document.addEventListener("htmx:load", (event) => { if (event.target !== document.body) watch(event.target); });
})();
