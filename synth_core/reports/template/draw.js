(() => {
  const PAGE = 680; // CSS pixels between the margins of an A4 page
  const charts = [];
  const fit = (width) => charts.forEach((plot) => Plotly.relayout(plot, width ? { width, autosize: false } : { width: null, autosize: true }));
  document.querySelectorAll("[data-chart]").forEach((figure) => {
    const plot = figure.querySelector(".plot");
    const { data, layout } = JSON.parse(figure.querySelector("script").textContent);
    Plotly.newPlot(plot, data, layout, { displayModeBar: false, displaylogo: false, responsive: true });
    charts.push(plot);
  });
  addEventListener("beforeprint", () => fit(PAGE));
  addEventListener("afterprint", () => fit(null));
})();
